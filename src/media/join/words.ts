/** More are somebody's joke: so many frames of AAC are four days. */
const MOST = 2 ** 24

/** As many 32-bit words as there are: four bytes each, where an array of numbers takes eight. */
export class Words {
  #words = new Uint32Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === MOST) throw new Error(`the result has more than ${MOST} frames`)
    if (this.#length === this.#words.length) {
      const larger = new Uint32Array(this.#length * 2)
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words[this.#length++] = value
  }

  /** As boxes have them, the highest byte first. They are turned in place: nothing can be added any more. */
  toBytes(): Buffer {
    return Buffer.from(this.#words.buffer, 0, this.#length * this.#words.BYTES_PER_ELEMENT).swap32()
  }
}
