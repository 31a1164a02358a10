import type { FrameHeader } from './frame-header.ts'

/**
 * Side information, as far as moving main data needs it: where a frame's main data begins and how long it is.
 * ISO 11172-3, 2.4.1.7; ISO 13818-3, 2.4.1.7 for one granule and 8 bits of main_data_begin.
 */

type Shape = Pick<FrameHeader, 'isMpeg1' | 'channels'>

/** Bits of one granule of one channel; its first 12 are part2_3_length. */
const GRANULE_1 = 59
const GRANULE_2 = 63

/** The furthest that main data may begin before its frame, bytes: 9 bits or 8. */
export const reservoirLimit = (isMpeg1: boolean): number => (isMpeg1 ? 511 : 255)

/** main_data_begin: bytes of main data before this frame's own where its data begins. */
export const mainDataBegin = (side: Uint8Array, { isMpeg1 }: Shape): number =>
  isMpeg1 ? ((side[0] ?? 0) << 1) | ((side[1] ?? 0) >> 7) : (side[0] ?? 0)

/** Sets main_data_begin in place. */
export function setMainDataBegin(side: Uint8Array, { isMpeg1 }: Shape, begin: number): void {
  if (isMpeg1) {
    side[0] = begin >> 1
    side[1] = ((side[1] ?? 0) & 0x7f) | ((begin & 1) << 7)
  } else side[0] = begin
}

/** Bytes of a frame's main data: part2_3_length of every granule and channel, in whole bytes. */
export function mainDataBytes(side: Uint8Array, { isMpeg1, channels }: Shape): number {
  const isMono = channels === 1
  // main_data_begin, private bits, and in MPEG-1 four bits of scfsi per channel
  const first = isMpeg1 ? (isMono ? 9 + 5 + 4 : 9 + 3 + 8) : isMono ? 8 + 1 : 8 + 2
  const granules = isMpeg1 ? 2 * channels : channels
  let bits = 0
  for (let turn = 0, at = first; turn < granules; turn++, at += isMpeg1 ? GRANULE_1 : GRANULE_2) {
    bits += read12(side, at)
  }
  return (bits + 7) >> 3
}

function read12(bytes: Uint8Array, bit: number): number {
  const at = bit >> 3
  const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
  return (word >> (12 - (bit & 7))) & 0xfff
}
