import { SharedRing } from '../shared-ring.ts'

/** Bytes a pipe holds; a power of two, so that counters which wrap fit it. About ten seconds of sound. */
const CAPACITY = 4 * 1024 * 1024
/** Of the ring's counters: bytes ever read, modulo 2^32. */
const READ = 0

/** A pipe between two threads: a ring in shared memory. Writer and reader block while it is full or empty. */
export class PcmPipe {
  /** As many bytes as there are may be written at once: who reads is another thread. */
  readonly mostAtOnce = Number.POSITIVE_INFINITY
  readonly #ring: SharedRing

  /** A new pipe, or the other end of one whose memory was handed over. */
  constructor(memory?: SharedArrayBuffer) {
    this.#ring = new SharedRing(CAPACITY, memory)
  }

  get memory(): SharedArrayBuffer {
    return this.#ring.memory
  }

  /** Bytes ever written; may be asked from any thread. */
  get total(): number {
    return this.#ring.total
  }

  /** Writes all of `bytes`; blocks the thread while the pipe is full. */
  write(bytes: Uint8Array): void {
    this.#ring.write(bytes, (total) => CAPACITY - ((total - Atomics.load(this.#ring.counters, READ)) >>> 0))
  }

  /** Nothing more will be written. */
  end(): void {
    this.#ring.end()
  }

  /** Fills `target` from its start as far as there are bytes; blocks while there are none. 0: the end. */
  read(target: Uint8Array): number {
    const { bytes, counters } = this.#ring
    const read = Atomics.load(counters, READ) >>> 0
    const filled = this.#ring.waitForWriter(() => {
      const { ended, total } = this.#ring
      return (total - read) >>> 0 || (ended ? 0 : undefined)
    })
    const at = read % CAPACITY
    const length = Math.min(filled, target.length, CAPACITY - at)
    target.set(bytes.subarray(at, at + length))
    Atomics.store(counters, READ, (read + length) | 0)
    this.#ring.wakeWriter()
    return length
  }
}
