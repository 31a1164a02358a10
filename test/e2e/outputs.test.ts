import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { as, converted, download, ended, expectStatus, formOf, type Person } from '../support/client.ts'
import { coverOf } from '../support/cover-of.ts'
import { judge, packetHash } from '../support/judge.ts'
import { media } from '../support/make-media.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

/** What a result of a wish must be, judged by decoding it. */
async function resultOf(person: Person, path: string, wish: Readonly<Record<string, string>>) {
  const made = await converted(person, path, wish)
  expect(made).toMatchObject({ state: 'done', partial: false })
  const bytes = await download(person, made.result?.id ?? '')
  return { made, bytes, verdict: await judge(bytes) }
}

const FORMATS = [
  { format: 'mp3', type: 'audio/mpeg', codec: 'mp3', container: 'mp3' },
  { format: 'm4a', type: 'audio/mp4', codec: 'aac', container: 'mov,mp4,m4a,3gp,3g2,mj2' },
  { format: 'opus', type: 'audio/ogg', codec: 'opus', container: 'ogg' },
  { format: 'ogg', type: 'audio/ogg', codec: 'vorbis', container: 'ogg' },
  { format: 'flac', type: 'audio/flac', codec: 'flac', container: 'flac' },
  { format: 'wav', type: 'audio/wav', codec: 'pcm_s16le', container: 'wav' },
]

for (const { format, type, codec, container } of FORMATS) {
  it(`makes ${format}, and names it so when it is downloaded`, async ({ alice }) => {
    const { made, verdict } = await resultOf(alice, await media('wmv'), { format })
    expect(verdict).toMatchObject({ codec, container, channels: 2 })
    expect(Math.abs(verdict.seconds - 3)).toBeLessThan(0.2)
    expect(verdict.peak).toBeGreaterThan(0.2)
    expect(made.result).toMatchObject({
      contentType: type,
      name: expect.stringMatching(new RegExp(`\\.${format}$`)),
    })
    const answer = await as(alice, `/download?fid=${made.result?.id}`, { method: 'HEAD' })
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-disposition')).toBe(`inline; filename=${made.result?.id}.${format}`)
  })
}

it('a bitrate that is asked for is met', async ({ alice }) => {
  const { verdict } = await resultOf(alice, await media('wmv'), { bitrate: '192k' })
  expect(verdict).toMatchObject({ codec: 'mp3', bitrate: 192_000 })
})

/** Uploads 10 s, with a wish in the query, and waits. */
async function askedInQuery(person: Person, query: string) {
  const body = await formOf(await media('wmv', 10))
  const answer = await as(person, `/upload?${query}`, { method: 'POST', body })
  await expectStatus(answer, 200)
  return ended(person, answer.headers.get('x-conversion-id') ?? '')
}

for (const [format, kilobytes] of [
  ['mp3', 60],
  ['m4a', 60],
  ['opus', 30],
] as const) {
  it(`size=${kilobytes}KB: ${format} weighs no more, and not much less`, async ({ alice }) => {
    const made = await askedInQuery(alice, `format=${format}&size=${kilobytes}KB`)
    expect(made).toMatchObject({ state: 'done', failure: null })
    const bytes = await download(alice, made.result?.id ?? '')
    const share = bytes.length / (kilobytes * 1024)
    expect(share).toBeLessThanOrEqual(1)
    expect(share).toBeGreaterThan(0.6)
    expect(made.result?.size).toBe(bytes.length)
    expect(Math.abs((await judge(bytes)).seconds - 10)).toBeLessThan(0.2)
  })
}

it('a size that nothing fits into is refused, with the least that would do', async ({ alice }) => {
  const failed = await askedInQuery(alice, 'size=2KB')
  expect(failed).toMatchObject({ state: 'failed', attempt: 1, result: null })
  expect(failed.failure?.text).toMatch(/do not fit into 2.*Ask for more/)
})

it('quality=V2 varies the bitrate', async ({ alice }) => {
  const { bytes, verdict } = await resultOf(alice, await media('wmv'), { quality: 'V2' })
  expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100 })
  const rates = new Set([...framesOf(bytes)].map((frame) => frame.rate))
  expect(rates.size).toBeGreaterThan(1)
})

it('abr=150k varies the bitrate around that', async ({ alice }) => {
  const body = await formOf(await media('wmv'), { abr: '150k' })
  const { id } = JSON.parse(
    await expectStatus(await as(alice, '/v1/conversions', { method: 'POST', body }), 202),
  )
  const made = await ended(alice, id)
  const bytes = await download(alice, made.result?.id ?? '')
  const rates = [...framesOf(bytes)].map((frame) => frame.rate)
  expect(new Set(rates).size).toBeGreaterThan(1)
  expect(made.wish).toMatchObject({ format: 'mp3', abr: 150_000, bitrate: null })
})

it('cover=0:01 is the frame of the video then, and the receipt tells of it', async ({ alice }) => {
  const body = await formOf(await media('mkv'), { cover: '0:01', format: 'm4a' })
  const { id } = JSON.parse(
    await expectStatus(await as(alice, '/v1/conversions', { method: 'POST', body }), 202),
  )
  const made = await ended(alice, id)
  const cover = await coverOf(await download(alice, made.result?.id ?? ''))
  expect(cover?.subarray(0, 2).toString('hex')).toBe('ffd8')
  const receipt = JSON.parse(await expectStatus(await as(alice, `/v1/conversions/${id}/receipt`), 200))
  expect(receipt.result.cover).toEqual({ type: 'image/jpeg', width: 160, height: 120, bytes: cover?.length })
})

it('quality=best does not go above the source', async ({ alice }) => {
  const { bytes } = await resultOf(alice, await media('m4a'), { quality: 'best' })
  expect(bytes.length / 3).toBeLessThan(((96_000 * 1.35) / 8) | 0)
})

// [what is asked for, source with such a track]: its packets come out as they went in.
const COPIES = [
  ['m4a', 'mp4 with moov at the end'],
  ['m4a', 'ts'],
  ['mp3', 'avi'],
  ['mp3', 'flv'],
  ['opus', 'webm'],
  ['ogg', 'mkv'],
] as const

for (const [format, kind] of COPIES) {
  it(`${format} from ${kind} is a copy, bit by bit`, async ({ alice }) => {
    const path = await media(kind)
    const { bytes } = await resultOf(alice, path, { format })
    // In a transport stream each AAC packet has an ADTS header of its own, in an m4a none has.
    const unwrap = kind === 'ts' ? 'aac_adtstoasc' : 'null'
    expect(await packetHash(bytes)).toBe(await packetHash(await readFile(path), unwrap))
  })
}

it('a bitrate beside the format asks for a new encoding', async ({ alice }) => {
  const path = await media('m4a')
  const { bytes } = await resultOf(alice, path, { format: 'm4a', bitrate: '64k' })
  expect(await packetHash(bytes)).not.toBe(await packetHash(await readFile(path)))
})

/** The frames of an MPEG-1 layer III stream at 44.1 kHz after an ID3v2 tag (ISO 11172-3, 2.4.1.3), by frame sizes. */
function* framesOf(mp3: Buffer): Generator<{ rate: number }> {
  const KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  const tag = mp3.subarray(0, 3).toString() === 'ID3'
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (mp3[at] ?? 0), 0)
  for (let at = tag ? 10 + size : 0; at + 4 <= mp3.length; ) {
    const rate = KBPS[(mp3[at + 2] ?? 0) >> 4]
    if (mp3[at] !== 0xff || !rate) return
    yield { rate }
    at += Math.floor((144 * rate * 1000) / 44_100) + (((mp3[at + 2] ?? 0) >> 1) & 1)
  }
}
