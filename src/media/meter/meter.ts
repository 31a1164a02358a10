import { openEar } from './ear.ts'
import { createGate } from './integrated.ts'

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
  /** Of all that was heard, to a tenth; null for silence. Nothing is to be heard after that. */
  read(): Loudness | null
}

const READERS = {
  f32le: { bytes: 4, scale: 1, array: Float32Array },
  s16le: { bytes: 2, scale: 2 ** -15, array: Int16Array },
  s32le: { bytes: 4, scale: 2 ** -31, array: Int32Array },
} as const

const NONE = new Uint8Array()

export function createMeter({ sampleRate, channels, sample }: MeterShape): Meter {
  const { bytes: sampleBytes, scale, array } = READERS[sample]
  const frameBytes = sampleBytes * channels
  const ear = openEar(sampleRate, channels)
  const gate = createGate(sampleRate)
  let filled = 0
  let rest = NONE

  const hear = () => {
    const samples = filled / channels
    gate.add(ear.hear(samples), samples)
    filled = 0
  }
  const listenWhole = ({ buffer, byteOffset, length }: Uint8Array) => {
    const all = new array(buffer as ArrayBuffer, byteOffset, length / sampleBytes)
    for (let from = 0; from < all.length; ) {
      const part = all.subarray(from, from + ear.room.length - filled)
      if (scale === 1) ear.room.set(part, filled)
      else
        for (let place = 0; place < part.length; place++)
          ear.room[filled + place] = (part[place] as number) * scale
      filled += part.length
      from += part.length
      if (filled === ear.room.length) hear()
    }
  }
  return {
    listen(bytes) {
      const given = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
      const whole = given.length - (given.length % frameBytes)
      rest = whole === given.length ? NONE : given.slice(whole)
      const aligned = given.byteOffset % sampleBytes === 0 ? given : given.slice()
      if (whole > 0) listenWhole(aligned.subarray(0, whole))
    },
    read() {
      if (filled > 0) hear()
      const [integrated, truePeak] = [gate.integrated(), 20 * Math.log10(ear.peak)].map(toTenth)
      return isLevel(integrated) && isLevel(truePeak) ? { integrated, truePeak } : null
    },
  }
}

const toTenth = (level: number) => Math.round(10 * level) / 10
const isLevel = (level: number | undefined): level is number => Number.isFinite(level)
