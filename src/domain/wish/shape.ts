import type { Format } from '../format.ts'
import { type Given, refuse, shown } from './refuse.ts'

const [LOWEST, HIGHEST] = [8000, 192_000]

/** `44100`, `44.1k` or 44100 → Hz that the format knows. */
export function parseSampleRate(format: Format, given: Given): number {
  const [, digits, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(k?)$/i.exec(String(given)) ?? []
  const rate = Math.round(Number(digits) * (unit ? 1000 : 1))
  const known = format.sampleRates
  if (known ? known.includes(rate) : rate >= LOWEST && rate <= HIGHEST) return rate
  const possible = known?.join(', ') ?? `${LOWEST} to ${HIGHEST}`
  return refuse(`sample rate ${shown(given)} is not possible, ${format.name} knows ${possible} Hz`)
}

const WORDS: Readonly<Record<string, number>> = { mono: 1, stereo: 2 }

/** `1`, `2`, `mono` or `stereo`, and more where the format holds more. */
export function parseChannels(format: Format, given: Given): number {
  const text = String(given).toLowerCase()
  const count = Object.hasOwn(WORDS, text) ? WORDS[text] : /^\d$/.test(text) ? Number(text) : undefined
  if (count && count <= format.maxChannels) return count
  return refuse(
    `channels ${shown(given)} is not possible, ${format.name} takes 1 (mono) to ${format.maxChannels}`,
  )
}
