/**
 * A lane: LAME in WebAssembly and a ring of samples to read. Takes one block after another and sends its frames. It has
 * no arguments and no files; it ends with its job.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { BlockRing } from './block-ring.ts'
import { encodeBlock } from './encode-block.ts'
import { instantiateLame } from './lame.ts'
import type { LaneData } from './lane-protocol.ts'
import { buffersOf } from './parcel.ts'

const data: LaneData = workerData
const port = parentPort
if (!port) throw new Error('this file is the start of a thread')
const openLame = await instantiateLame(data.modules)
const ring = new BlockRing(data.shape, data.memory)

for (let block = ring.take(data.lane); block; block = ring.take(data.lane)) {
  const encoded = encodeBlock(ring, block, (loudest) => openLame(data.settings, loudest))
  port.postMessage(encoded, buffersOf(encoded.frames))
}
