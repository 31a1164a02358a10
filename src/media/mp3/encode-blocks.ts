import type { Share } from '../cores.ts'
import type { Sink } from '../source/sink.ts'
import type { BlockRing } from './block-ring.ts'
import type { LaneMessage } from './lane-protocol.ts'
import { openLanes } from './lanes.ts'
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

export interface BlockEncoding {
  /** Settles when the whole result is with the sink. */
  readonly done: Promise<BlockCounts>
  /** Ends all threads at once. */
  terminate(): Promise<void>
}

/**
 * Encodes what is written into `ring` on as many lanes as `share` allows from moment to moment, and writes one MP3 to
 * `sink`. Fails with ENGINE_FAILED, or with what the sink failed with.
 */
export async function encodeBlocks(
  ring: BlockRing,
  settings: Mp3Settings,
  sink: Sink,
  share: Share,
): Promise<BlockEncoding> {
  const writer = createMp3Writer(settings, sink)
  const finished = Promise.withResolvers<BlockCounts>()
  const waiting = new Map<number, LaneMessage>()
  let next = 0
  let writing = Promise.resolve()

  const writeBlock = async ({ frames, isLast, index }: LaneMessage) => {
    await writer.add(frames)
    ring.release()
    if (!isLast) return
    await writer.end(ring.totalSamples)
    finished.resolve({ lanes: lanes.started, blocks: index + 1, bumped: writer.bumped })
  }
  const onBlock = (message: LaneMessage) => {
    waiting.set(message.index, message)
    for (let block = waiting.get(next); block; block = waiting.get(next)) {
      const ready = block
      waiting.delete(next++)
      writing = writing.then(() => writeBlock(ready))
      writing.catch(finished.reject)
    }
  }
  const lanes = await openLanes(ring, settings, onBlock)
  share.watch((count) => lanes.allow(count))
  return {
    done: Promise.race([finished.promise, lanes.failed]),
    terminate: () => lanes.terminate(),
  }
}
