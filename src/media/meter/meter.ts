import { createLoudnessMeter } from './integrated.ts'
import { createPeakMeter } from './true-peak.ts'

/** EBU R128: integrated loudness in LUFS, true peak in dBFS. */
export interface Loudness {
  readonly integrated: number
  readonly truePeak: number
}

/** Names of raw samples, all little endian, as the engine calls them. */
export type SampleName = 'f32le' | 's16le' | 's32le'

/** The samples that a meter hears, those of all channels one behind the other. */
export interface MeterShape {
  readonly sampleRate: number
  readonly channels: number
  readonly sample: SampleName
}

export interface Meter {
  /** The bytes that follow; they may end within a sample. */
  listen(bytes: Uint8Array): void
  /** Of all that was heard, to a tenth; null for silence. */
  read(): Loudness | null
}

const READERS = {
  f32le: { bytes: 4, full: 1, array: Float32Array },
  s16le: { bytes: 2, full: 2 ** 15, array: Int16Array },
  s32le: { bytes: 4, full: 2 ** 31, array: Int32Array },
} as const

export function createMeter({ sampleRate, channels, sample }: MeterShape): Meter {
  const { bytes: sampleBytes, full, array } = READERS[sample]
  const frameBytes = sampleBytes * channels
  const loudness = createLoudnessMeter(sampleRate, channels)
  const peak = createPeakMeter()
  let rest = new Uint8Array()

  const listenWhole = ({ buffer, byteOffset, length }: Uint8Array) => {
    const all = new array(buffer as ArrayBuffer, byteOffset, length / sampleBytes)
    const parts = Array.from({ length: channels }, (_, channel) => {
      const part = new Float32Array(all.length / channels)
      for (let place = 0, at = channel; place < part.length; place++, at += channels)
        part[place] = (all[at] as number) / full
      return part
    })
    loudness.listen(parts)
    peak.listen(parts)
  }
  return {
    listen(bytes) {
      const isWhole = rest.length === 0 && bytes.byteOffset % sampleBytes === 0
      const given = isWhole ? bytes : Buffer.concat([rest, bytes])
      const whole = given.length - (given.length % frameBytes)
      rest = given.slice(whole)
      const aligned = given.byteOffset % sampleBytes === 0 ? given : given.slice()
      if (whole > 0) listenWhole(aligned.subarray(0, whole))
    },
    read() {
      const [integrated, truePeak] = [loudness.integrated(), 20 * Math.log10(peak.peak)].map(toTenth)
      return isLevel(integrated) && isLevel(truePeak) ? { integrated, truePeak } : null
    },
  }
}

const toTenth = (level: number) => Math.round(10 * level) / 10
const isLevel = (level: number | undefined): level is number => Number.isFinite(level)
