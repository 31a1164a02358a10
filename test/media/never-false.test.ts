import { expect, it } from 'vitest'
import { isErrorCode } from '../../src/domain/errors.ts'
import { media } from '../support/make-media.ts'
import { bytesOf, convertBytes } from './try-convert.ts'

const KINDS = [
  ...['mkv', 'mp4 with moov in front', 'mp4 with moov at the end', 'mov', 'webm', 'avi'],
  ...['flv', 'wmv', 'flac', 'wav', 'ogg', 'm4a'],
] as const
/** Each kind is cut and damaged, twice; CHAOS=long: 300 files. */
const TURNS = process.env['CHAOS'] === 'long' ? 300 : KINDS.length * 4

it('"done" is never false: truncated and damaged files', async () => {
  const wrong: string[] = []
  let seed = 7
  const random = () => {
    seed = (seed * 48_271) % 0x7fffffff
    return seed / 0x7fffffff
  }
  for (let turn = 0; turn < TURNS; turn++) {
    const kind = KINDS[turn % KINDS.length] ?? 'mkv'
    const whole = await bytesOf(media(kind, 20))
    const bytes = Buffer.from(whole)
    const cut = turn % 2 === 0 ? Math.floor(whole.length * random()) : whole.length
    const from = Math.floor(whole.length * random())
    if (cut === whole.length)
      for (let at = from; at < from + whole.length * 0.1 * random() && at < whole.length; at++)
        bytes[at] = random() * 256
    const { code, receipt } = await convertBytes(bytes.subarray(0, cut))
    if (!receipt && isErrorCode(code)) continue
    if (receipt && code === 'done' && Math.abs(receipt.result.duration - 20) > 0.5)
      wrong.push(
        `${kind}, ${cut < whole.length ? `cut at ${cut}` : `noise from ${from}`} of ${whole.length}: ${receipt.result.duration} s, done`,
      )
    if (!receipt) wrong.push(`${kind}: ${code}`)
  }
  expect(wrong).toEqual([])
}, 600_000)
