import { expect, it } from 'vitest'
import { createResultWriter } from './result-writer.ts'

/** What arrives, and the places of its patches. */
function receiver() {
  let all = Buffer.alloc(0)
  const patches: number[] = []
  const writer = createResultWriter({
    append(bytes) {
      all = Buffer.concat([all, bytes])
    },
    patch(offset, bytes) {
      patches.push(offset)
      all.set(bytes, offset)
    },
  })
  return { writer, patches, all: () => all }
}

it('gathers what comes in small pieces, and takes apart what is large', () => {
  const { writer, patches, all } = receiver()
  const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, place) => place % 251))
  for (let at = 0; at < 1000; at += 10) writer.write(bytes.subarray(at, at + 10), at)
  writer.write(bytes.subarray(1000), 1000)
  writer.write(Buffer.from([9]), 4)
  writer.flush()
  bytes[4] = 9
  expect(all().equals(bytes)).toBe(true)
  expect(patches).toEqual([4])
})

it('a write over the end is a patch and an addition', () => {
  const { writer, all } = receiver()
  writer.write(Buffer.from('abc'), 0)
  writer.write(Buffer.from('xyz'), 2)
  writer.flush()
  expect(all().toString()).toBe('abxyz')
})
