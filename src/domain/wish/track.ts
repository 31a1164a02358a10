import { type Given, refuse, shown } from './refuse.ts'

/** The how-manieth track of sound, from 1, or a language in two or three letters (ISO 639). */
export function parseTrack(given: Given): number | string {
  const text = String(given).toLowerCase()
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  return /^[a-z]{2,3}$/.test(text)
    ? text
    : refuse(`track ${shown(given)} is neither a number from 1 nor a language such as eng or de`)
}

/** Do two codes name one language? `ger`, `deu` and `de` do. */
export const sameLanguage = (one: string, other: string) => canonical(one) === canonical(other)

/** Intl knows which codes of two and of three letters are one. */
function canonical(code: string): string {
  try {
    return Intl.getCanonicalLocales(code)[0] ?? code
  } catch {
    return code
  }
}
