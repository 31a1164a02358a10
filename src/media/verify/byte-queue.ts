/** Bytes that wait until a whole frame, page or box is there; skipping does not copy. */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array()
  #at = 0
  #skip = 0

  append(bytes: Uint8Array): void {
    const jumped = Math.min(this.#skip, bytes.length)
    this.#skip -= jumped
    const fresh = bytes.subarray(jumped)
    const rest = this.#bytes.subarray(this.#at)
    this.#at = 0
    if (rest.length === 0) {
      this.#bytes = fresh
      return
    }
    const joined = new Uint8Array(rest.length + fresh.length)
    joined.set(rest)
    joined.set(fresh, rest.length)
    this.#bytes = joined
  }

  /** Bytes that are there now. */
  get length(): number {
    return this.#bytes.length - this.#at
  }

  /** The first `length` bytes, left where they are; undefined when there are not that many yet. */
  peek(length: number): DataView | undefined {
    if (this.length < length) return undefined
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length)
  }

  /** Drops bytes, also ones still to come. */
  skip(length: number): void {
    const here = Math.min(length, this.length)
    this.#at += here
    this.#skip += length - here
  }

  /** True when nothing is left and nothing more was promised. */
  get isEmpty(): boolean {
    return this.length === 0 && this.#skip === 0
  }
}
