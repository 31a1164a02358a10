import { openKernels } from '../kernels.ts'
import { hopOf, kWeighting, weightsOf } from './integrated.ts'
import { ALL_TAPS, REACH, REACHED } from './true-peak.ts'

/** Hears 100 ms of all channels at a time. */
export interface Ear {
  /** Where samples are to be laid, full scale is 1, those of all channels one behind the other. */
  readonly room: Float32Array
  /** How loud the first samples of the room are, per channel so many: the sum of their weighted squares. */
  hear(samples: number): number
  /** The loudest that was heard, between samples too. */
  readonly peak: number
}

const PAGE = 65_536
/** Of a pair of channels: coefficients, what is kept between samples, two powers. */
const FILTER_BYTES = 144
const POWER = 16
/** What may be read before the samples and behind them. */
const MARGIN = 16

export function openEar(sampleRate: number, channels: number): Ear {
  const hop = hopOf(sampleRate)
  const stride = 4 * channels
  const pairs = Math.ceil(channels / 2)
  const taps = pairs * FILTER_BYTES
  const start = taps + ALL_TAPS.byteLength + MARGIN
  const fresh = start + REACHED * stride
  const pages = Math.ceil((fresh + hop * stride + MARGIN) / PAGE)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const { truePeak, weigh } = openKernels(memory)
  new Float32Array(memory.buffer, taps).set(ALL_TAPS)
  const filters = createFilters(memory.buffer, sampleRate, pairs)
  const weights = weightsOf(channels)
  let peak = 0

  const powerOf = (filter: Float64Array, pair: number, samples: number) => {
    weigh(filter.byteOffset, fresh + 8 * pair, samples, stride)
    const [one = 0, other = 0] = filter.subarray(POWER)
    filter.fill(0, POWER)
    return one * (weights[2 * pair] ?? 0) + other * (weights[2 * pair + 1] ?? 0)
  }
  return {
    room: new Float32Array(memory.buffer, fresh, hop * channels),
    hear(samples) {
      peak = truePeak(taps, REACH, start, REACHED + samples, channels, peak)
      const power = filters.reduce((sum, filter, pair) => sum + powerOf(filter, pair, samples), 0)
      new Uint8Array(memory.buffer).copyWithin(start, start + samples * stride, fresh + samples * stride)
      return power
    },
    get peak() {
      return peak
    },
  }
}

function createFilters(memory: ArrayBuffer, sampleRate: number, pairs: number): Float64Array[] {
  const [shelf, [, , , ...highPass]] = kWeighting(sampleRate)
  return Array.from({ length: pairs }, (_, pair) => {
    const filter = new Float64Array(memory, pair * FILTER_BYTES, FILTER_BYTES / 8)
    filter.set([...shelf, ...highPass])
    return filter
  })
}
