import { expect, it } from 'vitest'
import { mergedReads } from './merged-reads.ts'
import { createSoundStrip } from './mp4/sound-strip.ts'

/** Every byte is its place. Pieces of sound lie at 40, 60 and, of another track, at 20; the index from 100 on. */
const FILE = Uint8Array.from({ length: 200 }, (_, place) => place)
const strip = createSoundStrip()
for (const start of [40, 60, 20]) strip.add({ start, end: start + 4 })
const merged = { index: Buffer.from('INDEX'), header: Buffer.from('HEAD'), strip }

/** What a read at `offset` tells, where one of the file brings so many bytes. */
function told(offset: number, most = 100): Promise<number[]> {
  const read = async (from: number) => ({ bytes: FILE.slice(from, from + most), goesOn: false })
  const reads = mergedReads(merged, { place: { start: 100, end: 150 }, size: FILE.length, read })
  return reads(offset).then(({ bytes }) => [...bytes])
}
const places = (...starts: number[]) => starts.flatMap((start) => [0, 1, 2, 3].map((each) => start + each))

it('the file is told up to its index, and behind it', async () => {
  expect(await told(98)).toEqual([98, 99])
  expect(await told(150)).toEqual([...FILE.subarray(150)])
})

it('in place of the index there is the other, and nothing to the end of the file’s own', async () => {
  expect(await told(102)).toEqual([...Buffer.from('DEX')])
  expect(await told(105)).toEqual(Array(45).fill(0))
})

it('behind the end there is a header, and the sound that one read brings', async () => {
  expect(await told(201)).toEqual([...Buffer.from('EAD')])
  expect(await told(204)).toEqual(places(40, 60))
  expect(await told(206)).toEqual(places(40, 60).slice(2))
  expect(await told(204 + 8)).toEqual(places(20))
  expect(await told(204, 22)).toEqual(places(40, 60).slice(0, 6))
  expect(await told(204, 15)).toEqual(places(40))
  expect(await told(204 + 12)).toEqual([])
})
