import type { Wish } from '../../domain/wish/wish.ts'
import type { Plan } from '../plan/plan.ts'
import { bitrateIndexOf } from './frame-header.ts'
import type { Mp3Settings } from './settings.ts'

/**
 * May an MP3 be made by several encoders? Whatever is not plain goes to one encoder. How they are to be set; or why not;
 * null: not an MP3 that is encoded.
 */
export function chooseBlocks(plan: Plan, wish: Wish, mayCopy: boolean): Mp3Settings | string | null {
  if (plan.kind === 'copy' || wish.format !== 'mp3') return null
  if (!mayCopy) return 'an attempt before this one made a result that was not valid'
  const { sampleRate, channels, bitrate } = plan
  const isAverage = wish.abr !== undefined
  if (bitrate !== null && !isAverage && bitrateIndexOf(sampleRate >= 32_000, bitrate) === undefined)
    return `frames of ${sampleRate} Hz do not have this bitrate`
  const quality = wish.quality?.startsWith('V') ? Number(wish.quality.slice(1)) : null
  return { sampleRate, channels, bitrate, isAverage, quality }
}
