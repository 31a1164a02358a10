import type { Wish } from '../../domain/wish/wish.ts'
import { withoutPeak } from '../plan/filters.ts'
import type { Plan } from '../plan/plan.ts'
import { bitrateIndexOf } from './frame-header.ts'
import type { Mp3Settings } from './settings.ts'

/** `blocks`: how blocks are to be encoded; or why not, though it is an MP3; null: not an MP3 that is encoded. */
export interface Chosen {
  readonly plan: Plan
  readonly blocks: Mp3Settings | string | null
}

/** May an MP3 be made by several encoders? Whatever is not plain goes to one encoder. */
export function chooseBlocks(plan: Plan, wish: Wish, mayCopy: boolean): Chosen {
  if (plan.kind === 'copy' || wish.format !== 'mp3') return { plan, blocks: null }
  if (!mayCopy) return { plan, blocks: 'an attempt before this one made a result that was not valid' }
  const { sampleRate, channels, bitrate } = plan
  if (bitrate !== null && bitrateIndexOf(sampleRate >= 32_000, bitrate) === undefined)
    return { plan, blocks: `frames of ${sampleRate} Hz do not have this bitrate` }
  const quality = wish.quality?.startsWith('V') ? Number(wish.quality.slice(1)) : null
  return {
    plan: { ...plan, decode: withoutPeak(plan.decode) },
    blocks: { sampleRate, channels, bitrate, quality },
  }
}
