import { crc16 } from './crc16.ts'
import { frameSize, HEADER_BYTES, LAST_BITRATE, readFrameHeader, withBitrate } from './frame-header.ts'
import type { Mp3Settings } from './settings.ts'

/** What the first frame, which holds no sound, tells players of the rest. */
export interface TagFacts {
  /** Frames of sound, without this one. */
  readonly frames: number
  /** Bytes of all frames, this one included. */
  readonly bytes: number
  /** Where each per cent of the time lies, in 256ths of the bytes. */
  readonly toc: Uint8Array
  /** Samples per channel that a player drops at the end. */
  readonly padding: number
  /** CRC-16 of all frames of sound. */
  readonly musicCrc: number
}

/** Samples that LAME puts before the sound; players know the decoder's own and add them. */
export const ENCODER_DELAY = 576
export const DECODER_DELAY = 529
/** Bytes from `Xing` to the end of the encoder's part. */
const TAG_BYTES = 156
const ALL_FIELDS = 0xf
const ENCODER = 'LAME3.100'
/** The encoder's part: revision 0 and the method in one byte; CBR, ABR, or VBR by the new psychoacoustics. */
const METHOD_CBR = 1
const METHOD_ABR = 2
const METHOD_VBR = 4

type Rate = Pick<Mp3Settings, 'bitrate' | 'isAverage' | 'quality'>

const methodOf = ({ bitrate, isAverage }: Rate) =>
  bitrate === null ? METHOD_VBR : isAverage ? METHOD_ABR : METHOD_CBR

/** The header of the frame that holds the tag: as the first frame of sound, with room enough. */
export function tagHeader(word: number): number {
  const header = readFrameHeader(word)
  if (!header) throw new Error('not a frame')
  const shape = { ...header, padding: 0 }
  const needed = HEADER_BYTES + header.sideBytes + TAG_BYTES
  let index = header.bitrateIndex
  while (frameSize(shape, index) < needed && index < LAST_BITRATE) index++
  // Sync, version, layer, no CRC, sample rate and channel mode stay; padding and mode extension go.
  return withBitrate(word & 0xffff0cc0, index)
}

/**
 * The frame with the tag that LAME made common: `Info` for constant bitrate, `Xing` for others. There is no
 * standard; players read it as written here (frames, bytes, places, then the encoder's part with delay and padding).
 */
export function buildTag(word: number, rate: Rate, facts: TagFacts): Uint8Array {
  const { bitrate, quality } = rate
  const method = methodOf(rate)
  const header = readFrameHeader(word)
  if (!header) throw new Error('not a frame')
  const bytes = Buffer.alloc(header.size)
  const at = HEADER_BYTES + header.sideBytes
  bytes.writeUInt32BE(word, 0)
  bytes.write(method === METHOD_CBR ? 'Info' : 'Xing', at, 'latin1')
  bytes.writeUInt32BE(ALL_FIELDS, at + 4)
  bytes.writeUInt32BE(facts.frames, at + 8)
  bytes.writeUInt32BE(facts.bytes, at + 12)
  bytes.set(facts.toc, at + 16)
  bytes.writeUInt32BE(quality === null ? 0 : 100 - 10 * quality, at + 116)
  bytes.write(ENCODER, at + 120, 'latin1')
  bytes.writeUInt8(method, at + 129)
  bytes.writeUInt8(bitrate === null ? 0 : Math.min(255, bitrate / 1000), at + 140)
  bytes.writeUIntBE((ENCODER_DELAY << 12) | facts.padding, at + 141, 3)
  bytes.writeUInt32BE(facts.bytes, at + 148)
  bytes.writeUInt16BE(facts.musicCrc, at + 152)
  bytes.writeUInt16BE(crc16(bytes.subarray(0, at + 154)), at + 154)
  return bytes
}
