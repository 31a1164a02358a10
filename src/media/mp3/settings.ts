/** What an MP3 is to be: enough for an encoder to start. */
export interface Mp3Settings {
  /** Hz; one of the nine that layer III knows. */
  readonly sampleRate: number
  readonly channels: number
  /** bit/s, the same for all frames; null: variable. */
  readonly bitrate: number | null
  /** 0 (best) to 9, where the bitrate is variable. */
  readonly quality: number | null
}

/** Samples per channel of one frame: MPEG-1 has two granules of 576, the lower rates of MPEG-2 and 2.5 have one. */
export const frameSamples = (sampleRate: number): number => (sampleRate >= 32_000 ? 1152 : 576)

/** Frames of one block: 13 seconds at 44.1 kHz. A block is what one encoder does at a stretch. */
export const BLOCK_FRAMES = 512
/** Frames that an encoder hears before its block, until it has come to rest, and behind it, which it looks ahead. */
export const FRAMES_BEFORE = 12
export const FRAMES_AFTER = 4

/** Bytes of one 32-bit float. */
export const SAMPLE_BYTES = 4
