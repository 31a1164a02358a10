/** Bytes a pipe holds; a power of two. About ten seconds of sound. */
const CAPACITY = 4 * 1024 * 1024
/** Places in the header, in 32-bit words. Counters of bytes wrap; counters of events only wake. */
const WRITTEN = 0
const READ = 1
const WRITE_EVENTS = 2
const READ_EVENTS = 3
const ENDED = 4
/** The total, a 64-bit number, lies behind them. */
const TOTAL_OFFSET = 24
const HEADER = 32

/** A pipe between two threads: a ring in shared memory. Writer and reader block while it is full or empty. */
export class PcmPipe {
  readonly memory: SharedArrayBuffer
  readonly #header: Int32Array
  readonly #total: BigInt64Array
  readonly #ring: Uint8Array

  /** A new pipe, or the other end of one whose memory was handed over. */
  constructor(memory = new SharedArrayBuffer(HEADER + CAPACITY)) {
    this.memory = memory
    this.#header = new Int32Array(memory, 0, TOTAL_OFFSET / 4)
    this.#total = new BigInt64Array(memory, TOTAL_OFFSET, 1)
    this.#ring = new Uint8Array(memory, HEADER)
  }

  /** Bytes ever written; may be asked from any thread. */
  get total(): number {
    return Number(Atomics.load(this.#total, 0))
  }

  /** Writes all of `bytes`; blocks the thread while the pipe is full. */
  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const events = Atomics.load(this.#header, READ_EVENTS)
      const written = Atomics.load(this.#header, WRITTEN) >>> 0
      const free = CAPACITY - ((written - (Atomics.load(this.#header, READ) >>> 0)) >>> 0)
      if (free === 0) {
        Atomics.wait(this.#header, READ_EVENTS, events)
        continue
      }
      const at = written % CAPACITY
      const part = bytes.subarray(done, done + Math.min(free, CAPACITY - at))
      this.#ring.set(part, at)
      done += part.length
      Atomics.store(this.#header, WRITTEN, (written + part.length) | 0)
      Atomics.add(this.#total, 0, BigInt(part.length))
      this.#wake(WRITE_EVENTS)
    }
  }

  /** Nothing more will be written. */
  end(): void {
    Atomics.store(this.#header, ENDED, 1)
    this.#wake(WRITE_EVENTS)
  }

  /** Fills `target` from its start as far as there are bytes; blocks while there are none. 0: the end. */
  read(target: Uint8Array): number {
    for (;;) {
      const events = Atomics.load(this.#header, WRITE_EVENTS)
      const ended = Atomics.load(this.#header, ENDED) === 1
      const read = Atomics.load(this.#header, READ) >>> 0
      const filled = ((Atomics.load(this.#header, WRITTEN) >>> 0) - read) >>> 0
      if (filled > 0) {
        const at = read % CAPACITY
        const length = Math.min(filled, target.length, CAPACITY - at)
        target.set(this.#ring.subarray(at, at + length))
        Atomics.store(this.#header, READ, (read + length) | 0)
        this.#wake(READ_EVENTS)
        return length
      }
      if (ended) return 0
      Atomics.wait(this.#header, WRITE_EVENTS, events)
    }
  }

  #wake(event: number): void {
    Atomics.add(this.#header, event, 1)
    Atomics.notify(this.#header, event)
  }
}
