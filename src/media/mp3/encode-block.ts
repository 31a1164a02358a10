import type { Block, BlockRing } from './block-ring.ts'
import { DECODER_DELAY, ENCODER_DELAY } from './info-tag.ts'
import type { Lame } from './lame.ts'
import type { EncodedBlock } from './lane-protocol.ts'
import { wrap } from './parcel.ts'
import { unpack } from './unpack.ts'

/** Samples given to the encoder at once. */
const STEP = 8 * 1152

/**
 * Encodes one block by an encoder of its own, so that its frames depend on its samples and nothing else: whoever takes
 * it, the bytes are the same. Frame i of the encoder stands for the same samples as frame i of the sound, counted from
 * where the encoder began, because it began at a whole frame.
 */
export function encodeBlock(
  ring: BlockRing,
  { index, start, samples, framesBefore, isLast }: Block,
  openLame: (loudest: number) => Lame,
): EncodedBlock {
  const lame = openLame(ring.loudest(start, samples))
  const parts: Uint8Array[] = []
  for (let done = 0; done < samples; done += STEP) {
    const count = Math.min(STEP, samples - done)
    ring.read(start + done, count, lame.room(count))
    parts.push(lame.encode(count))
  }
  parts.push(lame.finish())
  const frames = unpack(Buffer.concat(parts))
  // LAME may add a frame that no sample reaches into; players stumble over more than a frame of padding.
  const needed = Math.ceil((samples + ENCODER_DELAY + DECODER_DELAY) / ring.frameSamples)
  const end = isLast ? needed : framesBefore + ring.shape.blockFrames
  return { index, isLast, frames: wrap(frames.slice(framesBefore, end)) }
}
