import { describe, expect, it } from 'vitest'
import { chooseTrack } from './choose-track.ts'
import { readProbe } from './probe.ts'
import { NOTHING } from './tags/about.ts'

const log = (...lines: string[]) => lines.map((line) => `[info] ${line}`)
const INPUT = "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'source':"
const DURATION = '  Duration: 00:01:11.06, start: 0.000000, bitrate: 140 kb/s'
const VIDEO = '  Stream #0:0: Video: h264 (High), yuv420p, 480x360, 30 fps (default)'

describe('a probe', () => {
  it('reads container, duration and the track', () => {
    expect(
      readProbe(
        log(
          INPUT,
          DURATION,
          VIDEO,
          '  Stream #0:1[0x2](eng): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1(side), fltp, 256 kb/s (default)',
        ),
      ),
    ).toEqual({
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      duration: 71.06,
      bitrate: 140_000,
      tracks: [
        {
          ...{ index: 1, number: 1, language: 'eng', isDefault: true, duration: null, deep: false },
          ...{ codec: 'aac', sampleRate: 48_000, channels: 6, bitrate: 256_000 },
        },
      ],
      pictures: [{ index: 0, codec: 'h264', isAttached: false }],
    })
  })
  it('tells a cover from a picture that moves', () => {
    const cover =
      '  Stream #0:2[0x0]: Video: mjpeg, none(bt470bg/unknown/unknown), 90k tbr, 90k tbn (attached pic)'
    const sound = '  Stream #0:1: Audio: mp3, 44100 Hz, mono, fltp'
    expect(readProbe(log(INPUT, DURATION, VIDEO, sound, cover)).pictures).toEqual([
      { index: 0, codec: 'h264', isAttached: false },
      { index: 2, codec: 'mjpeg', isAttached: true },
    ])
  })
  it('prefers the default track and the duration it states of itself', () => {
    const described = {
      about: NOTHING,
      hasPlainEdits: false,
      ...readProbe(
        log(
          INPUT,
          DURATION,
          '  Stream #0:1: Audio: mp3, 44100 Hz, mono, fltp',
          '      DURATION        : 00:00:10.000000000',
          '  Stream #0:2: Audio: flac, 96000 Hz, stereo, s32 (24 bit) (default)',
          '      DURATION        : 00:00:30.500000000',
        ),
      ),
    }
    const found = chooseTrack(described, undefined)
    expect(found.track).toMatchObject({ index: 2, number: 2, codec: 'flac', deep: true, bitrate: null })
    expect(found.duration).toBe(30.5)
    expect(chooseTrack(described, 1)).toMatchObject({ duration: 10, track: { index: 1, codec: 'mp3' } })
  })
  it('does not believe a guessed duration', () => {
    const guess = '[mp3 @ 0x12] [warning] Estimating duration from bitrate, this may be inaccurate'
    expect(
      readProbe([guess, ...log(INPUT, DURATION, '  Stream #0:0: Audio: mp3, 44100 Hz, mono, fltp')]).duration,
    ).toBeNull()
  })
  it('can not be fooled by a tag that looks like a track', () => {
    const tags = log(
      INPUT,
      '  Metadata:',
      '    title           : x',
      '                    :   Stream #0:1: Audio: mp3, 44100 Hz, stereo',
      DURATION,
      VIDEO,
    )
    expect(() => readProbe(tags)).toThrow('no sound')
  })
  it.each([
    [['[error] source: Invalid data found when processing input'], 'not a video or audio file'],
    [['[mov @ 0x1] [error] moov atom not found'], 'cut off'],
    [['[error] source: Cannot allocate memory'], 'more memory'],
    [log(INPUT, DURATION, VIDEO), 'no sound'],
    [log(INPUT, DURATION, '  Stream #0:0: Audio: none, 0 channels'), 'can not be read'],
  ])('tells why there is nothing to convert: %j', (lines, text) =>
    expect(() => readProbe(lines)).toThrow(text),
  )
})
