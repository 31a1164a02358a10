import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FORMATS, formatOf } from '../format.ts'
import { sameLanguage } from './track.ts'
import { parseWish } from './wish.ts'

describe('a wish', () => {
  it('is an mp3 when nothing is said', () => expect(parseWish({})).toEqual({ format: 'mp3' }))
  it.each([
    ['192k', 192_000],
    ['192000', 192_000],
    [192_000, 192_000],
  ])('reads the bitrate %j', (bitrate, rate) =>
    expect(parseWish({ bitrate })).toEqual({ format: 'mp3', bitrate: rate }),
  )
  it.each([
    ['160k', 160_000],
    [147_400, 147_000],
  ])('reads the average bitrate %j', (abr, rate) =>
    expect(parseWish({ abr })).toEqual({ format: 'mp3', abr: rate }),
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
    [{ abr: '192k', quality: 'best' }, 'ask for an abr or for a quality, not for both'],
    [{ abr: '321k' }, "abr '321k' is not possible, mp3 takes 32k to 320k"],
    [{ abr: '192' }, "abr '192' is not possible, mp3 takes 32k to 320k"],
    [{ abr: '96k', sampleRate: 8000 }, 'mp3 takes 8k to 64k at 8000 Hz'],
    [{ abr: '96k', format: 'opus' }, 'opus takes no abr, mp3 alone does'],
    [{ format: '__proto__' }, 'unknown format'],
    [{ size: '1MB', quality: 'V2' }, 'ask for a quality or for a size'],
    [{ size: '12 parsecs' }, "size '12 parsecs' is not a size such as 10MB"],
    [{ size: '3' }, 'not a size'],
    [{ format: 'flac', size: '10MB' }, 'its size follows from the sound'],
    [{ preset: 'opera' }, 'known are speech, music'],
    [{ sampleRate: 44_000 }, 'mp3 knows 8000, 11025'],
    [{ format: 'opus', sampleRate: '44100' }, 'opus knows 48000 Hz'],
    [{ format: 'flac', sampleRate: 1_000_000 }, 'flac knows 8000 to 192000 Hz'],
    [{ channels: 3 }, 'mp3 takes 1 (mono) to 2'],
    [{ channels: 'constructor' }, 'is not possible'],
    [{ sampleRate: 8000, bitrate: '128k' }, 'mp3 takes 8k to 64k at 8000 Hz'],
    [{ format: 'opus', channels: 1, bitrate: '500k' }, 'opus takes 16k to 256k at 48000 Hz and 1 channels'],
    [{ start: '1:99' }, "start '1:99' is not a time such as"],
    [{ start: -1 }, 'not a time'],
    [{ start: 60, end: '0:59' }, 'the end (59 s) must lie behind the start (60 s)'],
    [{ loudness: -3 }, 'take -40 to -8 LUFS'],
    [{ loudness: 'loud' }, 'is not possible'],
    [{ track: 0 }, 'neither a number from 1 nor a language'],
    [{ track: '../eng' }, 'neither'],
    [{ metadata: 'all' }, 'neither keep nor drop'],
    [{ cover: 'front' }, "cover 'front' is neither keep nor drop, nor a time"],
    [{ cover: '1:99' }, 'nor a time'],
    [{ format: 'wav', cover: 0 }, 'wav has no place for a cover'],
  ])('refuses %j', (input, text) => expect(() => parseWish(input)).toThrow(text))
  it('reads all that can be asked for', () =>
    expect(
      parseWish({
        ...{ format: 'm4a', size: '10MB', preset: 'Speech', sampleRate: '44.1k', channels: 'mono' },
        ...{ start: '1:02:03.5', end: 4000, loudness: '16', track: 'ENG', metadata: 'drop', cover: 'Keep' },
        ...{ title: ' One\r\nline\u0000 ', artist: '', comment: 'x'.repeat(5000) },
      }),
    ).toEqual({
      ...{ format: 'm4a', size: 10 * 1024 ** 2, preset: 'speech', sampleRate: 44_100, channels: 1 },
      ...{ start: 3723.5, end: 4000, loudness: -16, track: 'eng', metadata: 'drop', cover: 'keep' },
      ...{ title: 'One line', comment: 'x'.repeat(1000) },
    }))
  it('shows itself in a way that can be asked for again', () => {
    const wish = parseWish({
      size: '3MB',
      cover: '0:00',
      start: 1.5,
      track: 2,
      loudness: -20,
      title: 'Again',
    })
    expect(parseWish(wish)).toEqual(wish)
  })
  it.each(['ger', 'deu', 'de'])('knows %s for German', (code) => {
    expect(sameLanguage(code, 'de')).toBe(true)
    expect(sameLanguage(code, 'en')).toBe(false)
  })
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
