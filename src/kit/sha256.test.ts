import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { checked, createPassingHash } from './sha256.ts'

const BYTES = Buffer.from('0123456789')
const SHA256 = createHash('sha256').update(BYTES).digest('hex')
const pieces = () => Readable.from([BYTES.subarray(0, 4), BYTES.subarray(4, 9), BYTES.subarray(9)])
const wrong = () => new Error('wrong')

describe('checked bytes', () => {
  it('come through as they are', async () => {
    expect(await buffer(checked(pieces(), SHA256, wrong))).toEqual(BYTES)
  })
  it('are never handed on to the end when they are others', async () => {
    const seen: Uint8Array[] = []
    const reading = async () => {
      for await (const piece of checked(pieces(), '00', wrong)) seen.push(piece)
    }
    await expect(reading()).rejects.toThrow('wrong')
    expect(Buffer.concat(seen)).toEqual(BYTES.subarray(0, 9))
  })
})

describe('a hash in passing', () => {
  it('is known when every byte came by, in whatever pieces', () => {
    const passing = createPassingHash()
    for (const [from, to] of [
      [0, 3],
      [8, 10],
      [2, 6],
      [0, 1],
      [6, 8],
      [8, 10],
    ] as const) {
      expect(passing.digest(10)).toBeNull()
      passing.add(from, BYTES.subarray(from, to))
    }
    expect(passing.digest(10)).toBe(SHA256)
  })
  it('is not known with a gap', () => {
    const passing = createPassingHash()
    passing.add(0, BYTES.subarray(0, 4))
    passing.add(5, BYTES.subarray(5))
    expect(passing.digest(10)).toBeNull()
  })
})
