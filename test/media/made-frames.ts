import { HEADER_BYTES, readFrameHeader } from '../../src/media/mp3/frame-header.ts'
import type { Frame } from '../../src/media/mp3/unpack.ts'

/** What a made-up frame is like; `bits` are the part2_3_length of each granule and channel. */
export interface FrameWish {
  readonly isMpeg1: boolean
  readonly isMono: boolean
  /** Place in the table of sample rates, 0 to 2. */
  readonly rate: number
  readonly bitrateIndex: number
  readonly padding: number
  readonly bits: readonly number[]
  /** What its main data is filled with; a sync word is the worst. */
  readonly fill: number
}

/** A frame that no encoder made, with side information that says how long its data is. */
export function makeFrame({ isMpeg1, isMono, rate, bitrateIndex, padding, bits, fill }: FrameWish): Frame {
  const version = isMpeg1 ? 3 : 2
  const word =
    (0xffe00000 |
      (version << 19) |
      (1 << 17) |
      (1 << 16) |
      (bitrateIndex << 12) |
      (rate << 10) |
      (padding << 9) |
      ((isMono ? 3 : 1) << 6)) >>>
    0
  const header = readFrameHeader(word)
  if (!header) throw new Error('not a header')
  const side = new Uint8Array(header.sideBytes)
  const first = isMpeg1 ? (isMono ? 18 : 20) : isMono ? 9 : 10
  const granules = (isMpeg1 ? 2 : 1) * (isMono ? 1 : 2)
  let sum = 0
  for (let granule = 0; granule < granules; granule++) {
    const length = bits[granule] ?? 0
    sum += length
    for (let bit = 0; bit < 12; bit++) {
      const at = first + granule * (isMpeg1 ? 59 : 63) + bit
      if ((length >> (11 - bit)) & 1) side[at >> 3] = (side[at >> 3] ?? 0) | (0x80 >> (at & 7))
    }
  }
  return { word, side, data: new Uint8Array((sum + 7) >> 3).fill(fill) }
}

/** Bytes of main data that a frame of its bitrate has room for by itself. */
export function roomOf({ word }: Frame): number {
  const header = readFrameHeader(word)
  return header ? header.size - HEADER_BYTES - header.sideBytes : 0
}
