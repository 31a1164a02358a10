import { describe, expect, it } from 'vitest'
import { parseWish, type WishInput } from '../../domain/wish/wish.ts'
import type { AudioTrack, Probe } from '../probe.ts'
import { NOTHING } from '../tags/about.ts'
import { UNTAGGED } from '../tags/write-tags.ts'
import { makePlan } from './plan.ts'

const TRACK: AudioTrack = {
  ...{ index: 1, number: 1, language: null, isDefault: true, duration: null, deep: false },
  ...{ codec: 'aac', sampleRate: 48_000, channels: 2, bitrate: 96_000 },
}
const source = (changed: Partial<AudioTrack>, bitrate = 900_000): Probe => {
  const track = { ...TRACK, ...changed }
  return {
    container: 'mov',
    duration: 10,
    bitrate,
    about: NOTHING,
    hasPlainEdits: false,
    tracks: [track],
    pictures: [],
    track,
  }
}
const plan = (track: Partial<AudioTrack>, wish: WishInput) =>
  makePlan(source(track), parseWish(wish), { mayCopy: true, gain: null, tagging: UNTAGGED })

describe('a plan', () => {
  it('makes 44.1 kHz stereo 128 kb/s mp3 of anything by default', () => {
    for (const track of [{}, { channels: 1, sampleRate: 8000 }, { channels: 6, sampleRate: 96_000 }]) {
      expect(plan(track, {})).toMatchObject({
        kind: 'encode',
        sampleRate: 44_100,
        channels: 2,
        bitrate: 128_000,
      })
    }
  })
  it.each([
    ['mp3', 'mp3'],
    ['m4a', 'aac'],
    ['opus', 'opus'],
    ['ogg', 'vorbis'],
    ['flac', 'flac'],
    ['wav', 'pcm_s16le'],
  ])('copies a track that already is %s', (format, codec) => {
    expect(plan({ codec }, { format }).kind).toBe('copy')
    expect(plan({ codec }, { format, quality: 'best' }).kind).toBe('copy')
  })
  it('encodes anew when a bitrate, an average or a V is asked for', () => {
    expect(plan({ codec: 'mp3' }, { bitrate: '192k' })).toMatchObject({ kind: 'encode', bitrate: 192_000 })
    expect(plan({ codec: 'mp3', bitrate: 150_000 }, { abr: '150k' })).toMatchObject({
      kind: 'encode',
      bitrate: 150_000,
    })
    expect(plan({ codec: 'mp3' }, { quality: 'V2' })).toMatchObject({ kind: 'encode', bitrate: null })
  })
  it.each([
    [{ bitrate: 96_000 }, 96_000],
    [{ bitrate: 100_000 }, 96_000],
    [{ bitrate: 500_000 }, 320_000],
    [{ codec: 'flac', bitrate: null }, 320_000],
    [{ bitrate: null }, 320_000],
  ])('"best" for %j is %d and never above the source', (track, bitrate) =>
    expect(plan(track, { quality: 'best' })).toMatchObject({ bitrate }),
  )
  it('keeps channels and rate where the result is lossless', () => {
    expect(
      plan({ channels: 6, sampleRate: 96_000, codec: 'pcm_s24le', deep: true }, { format: 'flac' }),
    ).toMatchObject({ channels: 6, sampleRate: 96_000, frameBytes: 24 })
    expect(plan({ channels: 6, deep: true }, { format: 'wav' })).toMatchObject({
      channels: 6,
      frameBytes: 12,
    })
  })
  it('takes the next sample rate the format knows', () => {
    expect(plan({ codec: 'mp3', sampleRate: 37_800 }, { format: 'm4a' })).toMatchObject({
      sampleRate: 44_100,
    })
    expect(plan({ codec: 'mp3', sampleRate: 192_000 }, { format: 'm4a' })).toMatchObject({
      sampleRate: 96_000,
    })
  })
})
