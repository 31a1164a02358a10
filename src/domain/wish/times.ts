import { type Given, refuse, shown } from './refuse.ts'

const CLOCK = /^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,7}(?:\.\d{1,6})?)$/

/** `90`, `90.5`, `1:30` or `1:02:03.5` → seconds. */
export function parseTime(field: 'start' | 'end', given: Given): number {
  return readTime(given) ?? refuse(`${field} ${shown(given)} is not a time such as 90, 1:30 or 1:02:03.5`)
}

/** The same; undefined for what is no time. */
export function readTime(given: Given): number | undefined {
  const [, hours = '0', minutes = '0', seconds] = CLOCK.exec(String(given)) ?? []
  const isClock = String(given).includes(':')
  if (seconds === undefined || (isClock && (Number(seconds) >= 60 || Number(minutes) >= 60))) return undefined
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
