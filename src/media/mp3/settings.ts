/** What an MP3 is to be: enough for an encoder to start. */
export interface Mp3Settings {
  /** Hz; one of the nine that layer III knows. */
  readonly sampleRate: number
  readonly channels: number
  /** bit/s, the same for all frames, or on average; null: variable. */
  readonly bitrate: number | null
  /** Is the bitrate an average (ABR)? */
  readonly isAverage: boolean
  /** 0 (best) to 9, where the bitrate is variable. */
  readonly quality: number | null
}

/** Samples per channel of one frame: MPEG-1 has two granules of 576, the lower rates of MPEG-2 and 2.5 have one. */
export const frameSamples = (sampleRate: number): number => (sampleRate >= 32_000 ? 1152 : 576)

/** Frames that an encoder hears before its block, until its bit reservoir is as full as in mid-stream, and behind it, which it looks ahead. */
export const FRAMES_BEFORE = 32
export const FRAMES_AFTER = 4

/** Frames of one block, which is what one encoder does at a stretch: 27 seconds at 44.1 kHz, less where the sound is short. */
const [LEAST, MOST] = [400, 1024]
/** Blocks come in fours, so that two or four cores have the same to do. */
const EVEN = 4

/**
 * Frames of one block, where so many seconds (null: nobody knows) are to be encoded, and how many blocks that makes. It
 * must not depend on the machine.
 */
export function blocksFor(seconds: number | null, sampleRate: number) {
  if (seconds === null) return { blockFrames: MOST, blocks: Number.POSITIVE_INFINITY }
  const frames = (seconds * sampleRate) / frameSamples(sampleRate)
  const even = EVEN * Math.ceil(frames / (EVEN * MOST))
  const blockFrames = Math.min(MOST, Math.max(LEAST, Math.ceil(frames / even)))
  return { blockFrames, blocks: Math.ceil(frames / blockFrames) }
}

/** Bytes of one 32-bit float. */
export const SAMPLE_BYTES = 4
