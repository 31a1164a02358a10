import { describe, expect, it } from 'vitest'
import { isErrorCode } from '../../src/domain/errors.ts'
import { FORMAT_NAMES } from '../../src/domain/format.ts'
import { parseWish } from '../../src/domain/wish/wish.ts'
import { convert } from '../../src/media/convert.ts'
import type { Sink } from '../../src/media/source/sink.ts'
import { media } from '../support/make-media.ts'
import { memorySink } from './memory-sink.ts'
import { codeOf, LIMITS, run } from './run-wish.ts'
import { bytesOf, convertBytes, sourceOf } from './try-convert.ts'

const KINDS = [
  ...['mkv', 'mp4 with moov in front', 'mp4 with moov at the end', 'mov', 'webm', 'avi'],
  ...['flv', 'wmv', 'flac', 'wav', 'ogg', 'm4a', 'mp3'],
] as const
/** Each kind is cut and damaged, twice. CHAOS=long: 300 files, of which `-t 'file 1..,'` takes a hundred. */
const FILES = process.env['CHAOS'] === 'long' ? 300 : KINDS.length * 4
const SECONDS = 20

/** The same file for the same number. */
async function spoiled(number: number) {
  let seed = (number + 1) * 7_919
  const random = () => {
    seed = (seed * 48_271) % 0x7fffffff
    return seed / 0x7fffffff
  }
  random()
  const whole = await bytesOf(media(kindOf(number), SECONDS))
  const from = Math.floor(whole.length * random())
  if (isCut(number)) return { bytes: whole.subarray(0, from), how: `cut at ${from} of ${whole.length}` }
  const bytes = Buffer.from(whole)
  const to = Math.min(whole.length, from + Math.ceil(whole.length * 0.1 * random()))
  for (let at = from; at < to; at++) bytes[at] = random() * 256
  return { bytes, how: `noise from ${from} to ${to} of ${whole.length}` }
}
const kindOf = (number: number) => KINDS[number % KINDS.length] ?? 'mkv'
const isCut = (number: number) => Math.floor(number / KINDS.length) % 2 === 0

describe('"done" is never false', () => {
  const files = Array.from(
    { length: FILES },
    (_, number) =>
      [String(number).padStart(3, '0'), kindOf(number), isCut(number) ? 'cut' : 'damaged'] as const,
  )
  it.each(files)('file %s, %s, %s', async (number) => {
    const { bytes, how } = await spoiled(Number(number))
    const copied = await convertBytes(bytes)
    const again = copied.code === 'RESULT_INVALID'
    const { code, receipt } = again ? await convertBytes(bytes, { mayCopy: false }) : copied
    if (!receipt) return expect(isErrorCode(code), `${how}: ${code}`).toBe(true)
    if (code === 'done') expect(Math.abs(receipt.result.duration - SECONDS), how).toBeLessThan(0.5)
  })
})

describe('a place that takes no more', () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  /** Takes so many bytes; none means that it fails when it is patched. */
  const small = (room: number | null): Sink => {
    let left = room ?? Number.POSITIVE_INFINITY
    return {
      async write(bytes) {
        left -= bytes.length
        if (left < 0) throw full
      },
      async patch() {
        if (room === null) throw full
      },
    }
  }
  /** Formats that fill in at the end what they did not know before. */
  const PATCHED = ['mp3', 'm4a', 'flac', 'wav']

  it.each(FORMAT_NAMES)('%s: full at the start, in the middle, one byte before the end', async (format) => {
    const bytes = await bytesOf(media('mkv', SECONDS))
    const { bytes: whole } = await run(await media('mkv', SECONDS), { format, start: 1 })
    const rooms = [0, 1000, Math.floor(whole.length / 2), whole.length - 1]
    for (const room of PATCHED.includes(format) ? [...rooms, null] : rooms) {
      const made = convert(sourceOf(bytes), parseWish({ format, start: 1 }), small(room), {
        limits: LIMITS,
        mayCopy: true,
      })
      await expect(made, `room for ${room} of ${whole.length}`).rejects.toBe(full)
    }
  })
  it.each(FORMAT_NAMES)('%s: MAX_OUTPUT is met to the byte', async (format) => {
    const path = await media('mkv', SECONDS)
    const { bytes } = await run(path, { format, start: 1 })
    const limited = (maxOutput: number) =>
      codeOf(path, { format, start: 1 }, { limits: { ...LIMITS, maxOutput } })
    expect(await limited(bytes.length - 1)).toBe('RESULT_TOO_LARGE')
    expect(await limited(bytes.length)).toBe('done')
  })
  it('a copy is held to it as well', async () => {
    const path = await media('m4a', SECONDS)
    const { bytes, receipt } = await run(path, { format: 'm4a' })
    expect(receipt.plan).toBe('copy')
    const limits = { ...LIMITS, maxOutput: bytes.length - 1 }
    expect(await codeOf(path, { format: 'm4a' }, { limits })).toBe('RESULT_TOO_LARGE')
    const sink = memorySink()
    const failing = { write: sink.write, patch: () => Promise.reject(full) }
    const wish = parseWish({ format: 'm4a' })
    const source = sourceOf(await bytesOf(media('m4a', SECONDS)))
    await expect(convert(source, wish, failing, { limits: LIMITS, mayCopy: true })).rejects.toBe(full)
  })
})
