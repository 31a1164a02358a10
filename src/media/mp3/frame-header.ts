/** The first four bytes of a layer III frame: ISO 11172-3, 2.4.1.3 and 2.4.2.3; ISO 13818-3, 2.4.2.3 for the lower rates. */
export interface FrameHeader {
  /** False for MPEG-2 and MPEG-2.5: one granule, shorter side information, smaller reservoir. */
  readonly isMpeg1: boolean
  readonly sampleRate: number
  readonly channels: number
  /** Samples per channel. */
  readonly samples: number
  /** Place in the table of bitrates, 1 to 14. */
  readonly bitrateIndex: number
  /** 0 or 1 byte. */
  readonly padding: number
  /** Bytes between header and side information: 2 of a CRC, or none. */
  readonly crcBytes: number
  /** Bytes of the side information. */
  readonly sideBytes: number
  /** Bytes of the whole frame. */
  readonly size: number
}

/** kbit/s by index, for MPEG-1 and for MPEG-2 and 2.5. 0 is "free", which is not taken. */
const BITRATES_1: readonly number[] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const BITRATES_2: readonly number[] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const SAMPLE_RATES: readonly number[] = [44_100, 48_000, 32_000]
/** Values of the two bits that tell the version; 1 is reserved. */
const MPEG_1 = 3
const MPEG_2 = 2
const RESERVED = 1

export const HEADER_BYTES = 4
export const LAST_BITRATE = 14

/** Reads a header; undefined when these four bytes are none, or one of another layer or of free format. */
export function readFrameHeader(word: number): FrameHeader | undefined {
  const version = (word >>> 19) & 3
  const layer = (word >>> 17) & 3
  const rate = SAMPLE_RATES[(word >>> 10) & 3]
  const bitrateIndex = (word >>> 12) & 15
  const isMpeg1 = version === MPEG_1
  if (word >>> 21 !== 0x7ff || version === RESERVED || layer !== 1 || !rate) return undefined
  if (bitrateIndex === 0 || bitrateIndex > LAST_BITRATE) return undefined
  const channels = ((word >>> 6) & 3) === 3 ? 1 : 2
  const shape = {
    isMpeg1,
    sampleRate: rate / (isMpeg1 ? 1 : version === MPEG_2 ? 2 : 4),
    channels,
    samples: isMpeg1 ? 1152 : 576,
    padding: (word >>> 9) & 1,
  }
  return {
    ...shape,
    bitrateIndex,
    crcBytes: (word >>> 16) & 1 ? 0 : 2,
    sideBytes: isMpeg1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17,
    size: frameSize(shape, bitrateIndex),
  }
}

/** Bytes of a frame of this shape at another bitrate (ISO 11172-3, 2.4.3.1). */
export function frameSize(
  shape: Pick<FrameHeader, 'isMpeg1' | 'samples' | 'sampleRate' | 'padding'>,
  bitrateIndex: number,
): number {
  const kilobits = (shape.isMpeg1 ? BITRATES_1 : BITRATES_2)[bitrateIndex] ?? 0
  return Math.floor((shape.samples * kilobits * 125) / shape.sampleRate) + shape.padding
}

/** The place of a bitrate in the table; undefined when this version does not know it. bit/s. */
export function bitrateIndexOf(isMpeg1: boolean, bitrate: number): number | undefined {
  const place = (isMpeg1 ? BITRATES_1 : BITRATES_2).indexOf(bitrate / 1000)
  return place > 0 ? place : undefined
}

/** The same header with another bitrate. */
export const withBitrate = (word: number, bitrateIndex: number): number =>
  ((word & ~0xf000) | (bitrateIndex << 12)) >>> 0
