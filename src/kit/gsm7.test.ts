import { expect, it } from 'vitest'
import { gsm7Length, toGsm7 } from './gsm7.ts'

it.each([
  ['talk.mp3', 'talk.mp3', 8],
  ['Größe €', 'Größe €', 8],
  ['Crème brûlée', 'Crème brulée', 12],
  ['naïve façade Łódź', 'naive facade Lodz', 17],
  ['“a” – b…', '"a" - b...', 10],
  ['{x}', '{x}', 5],
  ['日本語.mp3', '?.mp3', 5],
  ['\u202ea\u0000b', '?a?b', 4],
])('writes %j in letters of GSM-7', (text, written, places) => {
  expect(toGsm7(text)).toBe(written)
  expect(gsm7Length(written)).toBe(places)
})
