import { expect } from 'vitest'
import { converted, download } from '../support/client.ts'
import { judge } from '../support/judge.ts'
import { type Kind, media, RECIPES } from '../support/make-media.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

const isKind = (name: string): name is Kind => Object.hasOwn(RECIPES, name)
const KINDS = Object.keys(RECIPES).filter(isKind)

for (const kind of KINDS) {
  it(`${kind} becomes an MP3 of 44.1 kHz stereo, whole`, async ({ alice }) => {
    const made = await converted(alice, await media(kind))
    expect(made).toMatchObject({ state: 'done', progress: 1, partial: false, warning: null, failure: null })
    expect(made.result?.contentType).toBe('audio/mpeg')
    const verdict = await judge(await download(alice, made.result?.id ?? ''))
    expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2 })
    // An MP3 source is copied and keeps its rate.
    if (kind === 'mp3' || kind === 'avi' || kind === 'flv') expect(verdict.bitrate).toBe(96_000)
    else expect(verdict.bitrate).toBe(128_000)
    expect(Math.abs(verdict.seconds - 3)).toBeLessThan(0.2)
    expect(verdict.peak).toBeGreaterThan(0.2)
    expect(Math.abs((made.result?.duration ?? 0) - 3)).toBeLessThan(0.2)
  })
}
