/** Places in the header, in 32-bit words: two counters of events, which only wake, and whether the end was told. */
const WRITE_EVENTS = 0
const READ_EVENTS = 1
const ENDED = 2
/** The owner's counters lie behind them, then the total, a 64-bit number. */
const COUNTERS = 3
const TOTAL_OFFSET = 24
const HEADER = 32

/**
 * A ring of bytes in shared memory, for one writing thread and any that read. What is read and when its room is free
 * the owner knows; here the bytes come in, and whoever has nothing to do blocks its thread.
 */
export class SharedRing {
  readonly memory: SharedArrayBuffer
  readonly bytes: Uint8Array
  /** Three numbers of the owner's own, to be read and changed by Atomics. */
  readonly counters: Int32Array
  readonly #header: Int32Array
  readonly #total: BigInt64Array

  /** A new ring of `size` bytes, or the other end of one whose memory was handed over. */
  constructor(size: number, memory = new SharedArrayBuffer(HEADER + size)) {
    this.memory = memory
    this.bytes = new Uint8Array(memory, HEADER)
    this.#header = new Int32Array(memory, 0, TOTAL_OFFSET / 4)
    this.counters = this.#header.subarray(COUNTERS)
    this.#total = new BigInt64Array(memory, TOTAL_OFFSET, 1)
  }

  /** Bytes ever written; may be asked from any thread. */
  get total(): number {
    return Number(Atomics.load(this.#total, 0))
  }

  /** True when nothing more will be written. To be asked before the total, which then is the last one. */
  get ended(): boolean {
    return Atomics.load(this.#header, ENDED) === 1
  }

  /** Writes all of `bytes`; blocks while `free` finds no room, in bytes, behind the `total` ever written. */
  write(bytes: Uint8Array, free: (total: number) => number): void {
    for (let done = 0, total = this.total; done < bytes.length; ) {
      const room = this.#wait(READ_EVENTS, () => free(total) || undefined)
      const at = total % this.bytes.length
      const part = bytes.subarray(done, done + Math.min(room, this.bytes.length - at))
      this.bytes.set(part, at)
      done += part.length
      total += part.length
      Atomics.store(this.#total, 0, BigInt(total))
      this.wakeReaders()
    }
  }

  /** Nothing more will be written. */
  end(): void {
    Atomics.store(this.#header, ENDED, 1)
    this.wakeReaders()
  }

  /** What `look` finds; blocks while that is undefined, and looks again whenever readers are woken. */
  waitForWriter<T>(look: () => T | undefined): T {
    return this.#wait(WRITE_EVENTS, look)
  }

  wakeReaders(): void {
    this.#wake(WRITE_EVENTS)
  }

  /** There is room again. */
  wakeWriter(): void {
    this.#wake(READ_EVENTS)
  }

  #wait<T>(event: number, look: () => T | undefined): T {
    for (;;) {
      const events = Atomics.load(this.#header, event)
      const found = look()
      if (found !== undefined) return found
      Atomics.wait(this.#header, event, events)
    }
  }

  #wake(event: number): void {
    Atomics.add(this.#header, event, 1)
    Atomics.notify(this.#header, event)
  }
}
