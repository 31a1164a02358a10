import type { Sink } from '../source/sink.ts'
import type { BlockRing } from './block-ring.ts'
import type { EncodedBlock } from './lane-protocol.ts'
import { createMp3Writer } from './mp3-writer.ts'
import type { Mp3Settings } from './settings.ts'

/** What the receipt tells of an encoding by blocks. */
export interface BlockCounts {
  /** The most encoders that worked at once. */
  readonly lanes: number
  readonly blocks: number
  /** Frames whose bitrate was raised because the bit reservoir was emptier at a seam than their encoder knew. */
  readonly bumped: number
}

/**
 * Blocks of `ring` on their way into one MP3, which is written to `sink`: they come in any order, and give their room in
 * the ring free in theirs. `done` settles when the whole result is with the sink; it fails with what the sink failed with,
 * or RESULT_INVALID.
 */
export function writeBlocks(ring: BlockRing, settings: Mp3Settings, sink: Sink) {
  const writer = createMp3Writer(settings, sink)
  const finished = Promise.withResolvers<Omit<BlockCounts, 'lanes'>>()
  finished.promise.catch(() => {})
  const waiting = new Map<number, EncodedBlock>()
  let next = 0
  let writing = Promise.resolve()

  const write = async ({ frames, isLast, index }: EncodedBlock) => {
    await writer.add(frames)
    ring.release()
    if (!isLast) return
    await writer.end(ring.totalSamples)
    finished.resolve({ blocks: index + 1, bumped: writer.bumped })
  }
  return {
    done: finished.promise,
    add(encoded: EncodedBlock): void {
      waiting.set(encoded.index, encoded)
      for (let block = waiting.get(next); block; block = waiting.get(next)) {
        const ready = block
        waiting.delete(next++)
        writing = writing.then(() => write(ready))
        writing.catch(finished.reject)
      }
    },
  }
}
