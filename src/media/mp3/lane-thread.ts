/**
 * A lane: LAME in WebAssembly and a ring of samples to read. Takes one block after another and sends its frames. It has
 * no arguments and no files.
 */
import { takeJobs } from '../worker-jobs.ts'
import { BlockRing } from './block-ring.ts'
import { encodeBlock } from './encode-block.ts'
import { instantiateLame } from './lame.ts'
import type { LaneData, LaneMessage } from './lane-protocol.ts'
import { buffersOf } from './parcel.ts'

takeJobs<LaneData>(async ({ modules, settings, shape, memory, lane }, port) => {
  const say = (message: LaneMessage, transfer?: ArrayBuffer[]) => port.postMessage(message, transfer)
  const openLame = instantiateLame(modules)
  const ring = new BlockRing(shape, memory)
  for (let next = ring.take(lane); next; next = ring.take(lane)) {
    const block = encodeBlock(ring, next, (loudest) => openLame(settings, loudest))
    say({ kind: 'block', block }, buffersOf(block.frames))
  }
  say({ kind: 'ended' })
})
