import type { Share } from '../cores.ts'
import type { InPlace } from '../ffmpeg/engine.ts'
import type { Sink } from '../source/sink.ts'
import type { BlockRing } from './block-ring.ts'
import { lameModules } from './lame-modules.ts'
import { openLanes } from './lanes.ts'
import type { Mp3Settings } from './settings.ts'
import { type BlockCounts, writeBlocks } from './write-blocks.ts'

export interface BlockEncoding {
  /** Where there are no lanes: what encodes in the thread that writes into the ring. */
  readonly encoder?: InPlace
  /** Settles when the whole result is with the sink. */
  readonly done: Promise<BlockCounts>
  /** All is encoded: threads are left to others. */
  release(): void
  /** Ends all threads at once. */
  terminate(): Promise<void>
}

/**
 * Encodes what is written into `ring` and writes one MP3 to `sink`: on as many lanes as `share` allows from moment to
 * moment, or, in a ring for one, without a thread of its own. Fails with ENGINE_FAILED, or with what the sink failed with.
 */
export async function encodeBlocks(
  ring: BlockRing,
  settings: Mp3Settings,
  sink: Sink,
  share: Share,
): Promise<BlockEncoding> {
  const encoder = { modules: await lameModules(settings.isAverage), settings }
  const { add, done } = writeBlocks(ring, settings, sink)
  if (ring.shape.lanes === 1) {
    const counted = done.then((counts) => ({ lanes: 1, ...counts }))
    return { encoder: { ...encoder, onBlock: add }, done: counted, release() {}, terminate: async () => {} }
  }
  const lanes = openLanes(ring, encoder, add)
  share.watch((count) => lanes.allow(count))
  const counted = done.then((counts) => ({ lanes: lanes.started, ...counts }))
  return {
    done: Promise.race([counted, lanes.failed]),
    release: () => lanes.release(),
    terminate: () => lanes.terminate(),
  }
}
