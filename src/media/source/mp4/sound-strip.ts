import type { Range } from '../ranges.ts'

/** Pieces of one block. */
const PIECES = 4096
/** Bytes of a piece, and between two, that a block has room for. */
const [LONGEST, FARTHEST] = [0xffff, 0xffffffff]

/** Some pieces one behind the other, by their lengths and what lies between them: 6 bytes a piece. */
interface Block {
  /** Where it begins in the strip, and in the source. */
  readonly at: number
  readonly start: number
  readonly gaps: Uint32Array
  readonly lengths: Uint16Array
  count: number
}

/** Pieces of a source laid one behind the other. A day of sound, with a piece between any two pictures, takes 16 MB. */
export interface SoundStrip {
  /** Bytes of all. */
  readonly length: number
  add(range: Range): void
  /** Where what lies from a place of the strip on lies in the source: piece by piece, the first one from its middle. */
  from(offset: number): Generator<Range>
}

export function createSoundStrip(): SoundStrip {
  const blocks: Block[] = []
  let length = 0
  /** Where the last piece ends in the source. */
  let end = 0

  const beginBlock = (start: number): Block => {
    const tables = { gaps: new Uint32Array(PIECES), lengths: new Uint16Array(PIECES) }
    const block = { at: length, start, ...tables, count: 0 }
    blocks.push(block)
    end = start
    return block
  }
  const addPiece = (start: number, bytes: number) => {
    const last = blocks.at(-1)
    const fits = last && last.count < PIECES && start >= end && start - end <= FARTHEST
    const block = fits ? last : beginBlock(start)
    block.gaps[block.count] = start - end
    block.lengths[block.count] = bytes
    block.count++
    length += bytes
    end = start + bytes
  }
  return {
    get length() {
      return length
    },
    add(range) {
      for (let at = range.start; at < range.end; at += LONGEST)
        addPiece(at, Math.min(LONGEST, range.end - at))
    },
    *from(offset) {
      const first = blocks.findLastIndex(({ at }) => at <= offset)
      for (const block of blocks.slice(Math.max(0, first))) yield* piecesFrom(block, offset)
    },
  }
}

function* piecesFrom({ at, start, gaps, lengths, count }: Block, offset: number): Generator<Range> {
  let [place, begin] = [at, start]
  for (let piece = 0; piece < count; piece++) {
    begin += gaps[piece] ?? 0
    const length = lengths[piece] ?? 0
    const skipped = Math.max(0, offset - place)
    if (skipped < length) yield { start: begin + skipped, end: begin + length }
    place += length
    begin += length
  }
}
