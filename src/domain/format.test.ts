import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FORMATS, formatOf, parseWish } from './format.ts'

describe('a wish', () => {
  it('is an mp3 when nothing is said', () => expect(parseWish({})).toEqual({ format: 'mp3' }))
  it.each([
    ['192k', 192_000],
    ['192000', 192_000],
    [192_000, 192_000],
  ])('reads the bitrate %j', (bitrate, rate) =>
    expect(parseWish({ bitrate })).toEqual({ format: 'mp3', bitrate: rate }),
  )
  it('reads qualities', () => {
    expect(parseWish({ format: 'FLAC', quality: 'best' })).toEqual({ format: 'flac', quality: 'best' })
    expect(parseWish({ quality: 'v2' })).toEqual({ format: 'mp3', quality: 'V2' })
  })
  it.each([
    [{ format: 'mp4' }, "unknown format 'mp4', known are mp3, m4a, opus, ogg, flac, wav"],
    [{ bitrate: '200k' }, "bitrate '200k' is not possible, mp3 knows 32k, 40k"],
    [{ bitrate: '9k' }, 'mp3 takes 32k to 320k'],
    [{ bitrate: 'fast' }, "bitrate 'fast' is not possible"],
    [{ format: 'wav', bitrate: '192k' }, 'wav is lossless and takes no bitrate'],
    [{ format: 'opus', quality: 'V2' }, "quality 'V2' is not possible, opus knows best"],
    [{ bitrate: '192k', quality: 'best' }, 'not for both'],
    [{ format: '__proto__' }, 'unknown format'],
  ])('refuses %j', (input, text) => expect(() => parseWish(input)).toThrow(text))
  it('never lets through what the table does not hold', () => {
    fc.assert(
      fc.property(fc.record({ format: fc.string(), bitrate: fc.string(), quality: fc.string() }), (input) => {
        try {
          const wish = parseWish(input)
          const { bitrate } = formatOf(wish.format)
          return (
            wish.bitrate === undefined ||
            (!!bitrate && wish.bitrate >= bitrate.min && wish.bitrate <= bitrate.max)
          )
        } catch (error) {
          return error instanceof Error && 'code' in error && error.code === 'WISH_INVALID'
        }
      }),
    )
  })
})

it('the defaults of every format can be wished for', () => {
  for (const format of FORMATS) {
    const bitrate = 'bitrate' in format ? format.bitrate.default : undefined
    expect(parseWish({ format: format.name, bitrate }).format).toBe(format.name)
  }
})
