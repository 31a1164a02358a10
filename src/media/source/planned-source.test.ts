import { expect, it } from 'vitest'
import { box, full } from '../../../test/support/mp4-boxes.ts'
import { planReads } from './planned-source.ts'

const MB = 1024 * 1024

/** The bytes of a file of 4 MB, behind its beginning. */
const planned = (beginning = Buffer.alloc(0)) => {
  const bytes = Buffer.alloc(4 * MB)
  beginning.copy(bytes)
  return planReads({
    size: bytes.length,
    gap: 0,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => {},
  })
}

/** How many requests it takes to read the beginning again in the last pass, before and behind a jump. */
async function lastPass(source: Awaited<ReturnType<typeof planReads>>): Promise<number[]> {
  const first = await source.read(0)
  await source.read(first.length)
  source.beginLastPass()
  const counts: number[] = []
  for (const offset of [0, 2 * MB, 0]) {
    const { requests } = source
    await source.read(offset)
    counts.push(source.requests - requests)
  }
  return counts
}

it('where an index tells what is read, nothing is kept once the last pass has left it behind', async () => {
  const index = box('moov', box('trak', full('tkhd', 0, 0, 1)))
  const source = await planned(
    Buffer.concat([box('ftyp', Buffer.from('isom')), index, box('free', Buffer.alloc(8))]),
  )
  expect(await lastPass(source)).toEqual([0, 1, 1])
})

it('where there is none, the beginning stays: an engine may go back and forth', async () => {
  expect(await lastPass(await planned())).toEqual([0, 1, 0])
})

/** Reads on from `offset` until a read is as long as may be; where the next one is to begin. */
async function readOn(source: Awaited<ReturnType<typeof planReads>>, offset: number): Promise<number> {
  const { length } = await source.read(offset)
  return length < MB ? readOn(source, offset + length) : offset + length
}

it('what is sure to be asked for next is on its way before, also where a little is skipped', async () => {
  const source = await planned()
  const next = await readOn(source, 0)
  const { requests } = source
  await source.read(next + 1000)
  expect(source.requests).toBe(requests + 1) // the one behind it
  await source.read(0)
  expect(source.requests).toBe(requests + 1)
})

it('what is read is the reader’s to give away: what is kept for another pass is not in it', async () => {
  const source = await planned(Buffer.from('beginning'))
  for (const pass of [1, 2]) {
    const piece = await source.read(0)
    expect(Buffer.from(piece).toString('latin1', 0, 9), `pass ${pass}`).toBe('beginning')
    piece.buffer.transfer(0)
  }
})
