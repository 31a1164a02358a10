import { SharedRing } from '../shared-ring.ts'
import { loudestOf } from './loudest.ts'
import { FRAMES_AFTER, FRAMES_BEFORE, frameSamples, SAMPLE_BYTES } from './settings.ts'

/** Of the ring's counters: the next block that no lane has, blocks released, lanes that may take one. */
const NEXT = 0
const RELEASED = 1
const LANES = 2
/** Blocks of a ring: one per lane, and one written ahead. Who writes and encodes in turn has one in all. */
const blocksIn = (lanes: number) => (lanes === 1 ? 1 : lanes + 1)
/** Frames that may be written at once, beyond what makes a block whole. */
const FRAMES_AT_ONCE = 8

export interface RingShape {
  readonly sampleRate: number
  readonly channels: number
  /** The most lanes that will ever read at once. */
  readonly lanes: number
  /** Frames of one block. */
  readonly blockFrames: number
}

/** What a lane is to encode. All counts are samples per channel, `start` from the beginning of the sound. */
export interface Block {
  readonly index: number
  readonly start: number
  readonly samples: number
  /** Frames at its start that belong to the block before, to be dropped. */
  readonly framesBefore: number
  /** True when the sound ends with this block: all frames to the end are its own. */
  readonly isLast: boolean
}

/**
 * A ring of blocks of interleaved 32-bit floats in shared memory: one decoder writes, lanes read blocks in place. A
 * block's room is written anew once it is released, but for its end, which the next one hears too. All block their
 * thread while there is nothing to do.
 */
export class BlockRing {
  readonly shape: RingShape
  readonly frameSamples: number
  readonly #ring: SharedRing
  readonly #samples: Float32Array
  readonly #blockBytes: number
  readonly #blocks: number
  /** Bytes that may lie behind the last block: what is heard after it, and what is written at once. */
  readonly #behind: number
  /** The most bytes that who writes and encodes in turn may write before it looks for a whole block. */
  readonly mostAtOnce: number

  /** A new ring, or the other end of one whose memory was handed over. */
  constructor(shape: RingShape, memory?: SharedArrayBuffer) {
    this.shape = shape
    this.frameSamples = frameSamples(shape.sampleRate)
    this.#blockBytes = this.#blockSamples * shape.channels * SAMPLE_BYTES
    this.#blocks = blocksIn(shape.lanes)
    const frameBytes = this.frameSamples * shape.channels * SAMPLE_BYTES
    this.mostAtOnce = FRAMES_AT_ONCE * frameBytes
    this.#behind = FRAMES_AFTER * frameBytes + this.mostAtOnce
    const heardAgain = FRAMES_BEFORE * frameBytes
    this.#ring = new SharedRing(heardAgain + this.#blocks * this.#blockBytes + this.#behind, memory)
    this.#samples = new Float32Array(this.#ring.memory, this.#ring.bytes.byteOffset)
  }

  get memory(): SharedArrayBuffer {
    return this.#ring.memory
  }

  /** Bytes ever written; may be asked from any thread. */
  get total(): number {
    return this.#ring.total
  }

  /** Samples per channel ever written. */
  get totalSamples(): number {
    return Math.floor(this.total / (this.shape.channels * SAMPLE_BYTES))
  }

  /** Writes all of `bytes`; blocks while the ring is full. */
  write(bytes: Uint8Array): void {
    const { counters } = this.#ring
    const end = () => (Atomics.load(counters, RELEASED) + this.#blocks) * this.#blockBytes + this.#behind
    this.#ring.write(bytes, (total) => end() - total)
  }

  /** Nothing more will be written. */
  end(): void {
    this.#ring.end()
  }

  /** The next block that no lane has, once it is whole; blocks until then. Undefined: there are no more. */
  take(lane: number): Block | undefined {
    this.#awaitTurn(lane)
    const index = Atomics.add(this.#ring.counters, NEXT, 1)
    return this.#block(
      index,
      this.#ring.waitForWriter(() => this.#samplesFor(index)),
    )
  }

  /** The next block where it is whole by now; for the one who writes, when there are no lanes. */
  takeWhole(): Block | undefined {
    const index = Atomics.load(this.#ring.counters, NEXT)
    const there = this.#samplesFor(index)
    if (there === undefined) return undefined
    Atomics.add(this.#ring.counters, NEXT, 1)
    return this.#block(index, there)
  }

  /** Copies `count` samples per channel, from `start` on. */
  read(start: number, count: number, into: Float32Array): void {
    const [first, second] = this.#parts(start, count)
    into.set(first)
    into.set(second, first.length)
  }

  /** The highest level among `count` samples per channel from `start` on; 1 is full scale. */
  loudest(start: number, count: number): number {
    return Math.max(...this.#parts(start, count).map(loudestOf))
  }

  /** The next block in order is done with: its result is with the sink. */
  release(): void {
    Atomics.add(this.#ring.counters, RELEASED, 1)
    this.#ring.wakeWriter()
  }

  /** How many lanes may take blocks from now on; the others wait once they have finished theirs. */
  allow(lanes: number): void {
    Atomics.store(this.#ring.counters, LANES, lanes)
    this.#ring.wakeReaders()
  }

  /** They may go round the end of the ring. */
  #parts(start: number, count: number): [Float32Array, Float32Array] {
    const { channels } = this.shape
    const from = (start * channels) % this.#samples.length
    const end = from + count * channels
    const again = Math.max(0, end - this.#samples.length)
    return [this.#samples.subarray(from, end), this.#samples.subarray(0, again)]
  }

  #awaitTurn(lane: number): void {
    this.#ring.waitForWriter(() => lane < Atomics.load(this.#ring.counters, LANES) || undefined)
  }

  get #blockSamples(): number {
    return this.shape.blockFrames * this.frameSamples
  }

  /** Where what an encoder hears of a block ends. */
  #endOf(index: number): number {
    return (index + 1) * this.#blockSamples + FRAMES_AFTER * this.frameSamples
  }

  /** How many samples there are, when they are enough for a block or all there will be. */
  #samplesFor(index: number): number | undefined {
    const { ended } = this.#ring
    const there = this.totalSamples
    return ended || there >= this.#endOf(index) ? there : undefined
  }

  /** A block out of so many samples in all; undefined when it has none. */
  #block(index: number, there: number): Block | undefined {
    const begin = index * this.#blockSamples
    if (there <= begin) return undefined
    const framesBefore = index === 0 ? 0 : FRAMES_BEFORE
    const start = begin - framesBefore * this.frameSamples
    const isLast = there <= begin + this.#blockSamples
    return { index, start, samples: Math.min(there, this.#endOf(index)) - start, framesBefore, isLast }
  }
}
