import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { parseWish } from '../../src/domain/wish/wish.ts'
import { convert } from '../../src/media/convert.ts'
import { createRangeSource } from '../../src/media/source/range-source.ts'
import { packetHash } from '../support/judge.ts'
import { media, soundInSeconds } from '../support/make-media.ts'
import { memorySink } from './memory-sink.ts'
import { LIMITS } from './run-wish.ts'

/** The first seconds of picture, which the engine looks at to know the file, and the index. */
const HEAD = 5.5 * 1024 * 1024

/** Copies the sound out of a file that lies in a store; what was asked of the store. */
async function copyFrom(path: string, gap?: number) {
  const file = await readFile(path)
  const asked: { offset: number; length: number }[] = []
  const source = createRangeSource({
    size: file.length,
    gap,
    async read(range) {
      asked.push(range)
      return Readable.from([file.subarray(range.offset, range.offset + range.length)])
    },
  })
  const sink = memorySink()
  const receipt = await convert(source, parseWish({ format: 'm4a' }), sink, { limits: LIMITS, mayCopy: true })
  return { receipt, asked, file, made: sink.bytes(), size: file.length }
}

describe('a video whose sound lies together by the second', () => {
  it.each(['mov', 'fragments'] as const)('%s: little but the sound is read', async (kind) => {
    const { receipt, asked, size, file, made } = await copyFrom(await soundInSeconds(kind, 60))
    expect(size).toBeGreaterThan(30 * 1024 * 1024)
    expect(receipt).toMatchObject({ plan: 'copy', warning: null })
    expect(await packetHash(made)).toBe(await packetHash(file))
    const read = asked.reduce((sum, { length }) => sum + length, 0)
    expect(receipt.source).toMatchObject({ bytesRead: read, requests: asked.length })
    expect(read).toBeLessThan(made.length * 1.2 + HEAD)
    // Beyond the head, a request for each second of sound, and one for the index of its fragment.
    expect(asked.length).toBeLessThan(60 * (kind === 'mov' ? 1 : 2) + 25)
  })
  it('what lies near is read through', async () => {
    const { receipt, asked, size } = await copyFrom(await soundInSeconds('mov', 60), 1024 * 1024)
    expect(receipt.source.bytesRead).toBeGreaterThan(size * 0.8)
    expect(asked.length).toBeLessThan(size / 1024 / 1024 + 20)
  })
})

describe('any other file', () => {
  it.each(['mkv', 'mp4 with moov at the end', 'mp4 with moov in front', 'ts'] as const)(
    '%s is read once',
    async (kind) => {
      const { receipt, size } = await copyFrom(await media(kind, 20))
      expect(receipt.source.bytesRead).toBeLessThan(size * 1.05 + 1024)
    },
  )
})
