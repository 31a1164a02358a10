import { expect, it } from 'vitest'
import { box, full } from '../../../test/support/mp4-boxes.ts'
import { planReads } from './planned-source.ts'

const MB = 1024 * 1024

/** The bytes of a file of 8 MB, behind its beginning. */
const planned = (beginning = Buffer.alloc(0)) => {
  const bytes = Buffer.alloc(8 * MB)
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
  await source.read(first.bytes.length)
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

it('what is sure to be asked for next is told, once reads are as long as may be', async () => {
  const source = await planned()
  const told: boolean[] = []
  for (let offset = 0; offset < source.size; ) {
    const { bytes, goesOn } = await source.read(offset)
    told.push(goesOn)
    offset += bytes.length
  }
  expect(told).toEqual([false, false, false, false, false, false, true, true, false])
})

it('what is read is the reader’s to give away: what is kept for another pass is not in it', async () => {
  const source = await planned(Buffer.from('beginning'))
  for (const pass of [1, 2]) {
    const { bytes } = await source.read(0)
    expect(Buffer.from(bytes).toString('latin1', 0, 9), `pass ${pass}`).toBe('beginning')
    bytes.buffer.transfer(0)
  }
})
