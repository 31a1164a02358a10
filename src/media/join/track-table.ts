import { boxOfParts, writeBox } from '../source/mp4/boxes.ts'
import type { Sample } from '../source/mp4/fragment.ts'
import { Words } from './words.ts'

/** More pieces are somebody's joke: each has ten seconds. */
const MOST_CHUNKS = 2 ** 18
/** Beyond it a place takes 64 bits. */
const FAR = 2 ** 32

/** The samples of one track as they come, in units of the track: four bytes each, and eight where a duration changes. */
export class TrackTable {
  readonly #sizes = new Words()
  /** How many samples in a row last how long, by turns. */
  readonly #durations = new Words()
  #same = { count: 0, duration: 0 }
  /** Of the last sample. */
  #last: number | undefined
  /** Samples that lie together: where, and how many. */
  readonly #chunks: { readonly offset: number; readonly samples: number }[] = []
  #bytes = 0
  #begin = 0
  #end = 0

  get samples(): number {
    return this.#sizes.length
  }

  get bytes(): number {
    return this.#bytes
  }

  get duration(): number {
    return this.#end - this.#begin
  }

  /** The next sample begins then: until then lasts the one before, whatever was told of it. */
  goOnAt(begin: number): void {
    if (this.#last === undefined) this.#begin = begin
    else this.#last = Math.max(0, this.#last + begin - this.#end)
    this.#end = begin
  }

  /** Samples that lie together, from `offset` of the result on. */
  addChunk(offset: number, samples: readonly Sample[]): void {
    if (this.#chunks.length === MOST_CHUNKS) throw new Error(`the result has more than ${MOST_CHUNKS} pieces`)
    this.#chunks.push({ offset, samples: samples.length })
    for (const { size, duration } of samples) {
      this.#endSample()
      this.#sizes.push(size)
      this.#bytes += size
      this.#last = duration
      this.#end += duration
    }
  }

  /** The boxes of ISO 14496-12, 8.6.1.2, 8.7.3, 8.7.4 and 8.7.5. Nothing can be added any more. */
  toBoxes(): Uint8Array[] {
    this.#endSample()
    this.#endDuration()
    return [
      ...boxOfParts('stts', [0, this.#durations.length / 2], [this.#durations.toBytes()]),
      this.#chunkSizes(),
      ...boxOfParts('stsz', [0, 0, this.#sizes.length], [this.#sizes.toBytes()]),
      this.#places(),
    ]
  }

  #endSample(): void {
    if (this.#last === undefined) return
    if (this.#last !== this.#same.duration) this.#endDuration()
    this.#same = { count: this.#same.count + 1, duration: this.#last }
  }

  #endDuration(): void {
    const { count, duration } = this.#same
    this.#same = { count: 0, duration: this.#last ?? 0 }
    if (count === 0) return
    this.#durations.push(count)
    this.#durations.push(duration)
  }

  /** Which chunk is the first to have another number of samples than the one before. */
  #chunkSizes(): Buffer {
    const rows = this.#chunks.flatMap(({ samples }, place) =>
      samples === this.#chunks[place - 1]?.samples ? [] : [[place + 1, samples, 1]],
    )
    return writeBox('stsc', [0, rows.length, ...rows.flat()])
  }

  #places(): Buffer {
    const places = this.#chunks.map(({ offset }) => offset)
    const isFar = places.some((place) => place >= FAR)
    const words = isFar ? places.flatMap((place) => [Math.floor(place / FAR), place % FAR]) : places
    return writeBox(isFar ? 'co64' : 'stco', [0, places.length, ...words])
  }
}
