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

it('holds an index until its sizes are told, however long it is', () => {
  const { writer, patches, all } = receiver()
  const [sound, index] = [Buffer.alloc(700_000, 1), Buffer.alloc(900_000, 2)]
  writer.write(sound, 0)
  writer.write(Buffer.from([9]), 4)
  writer.write(index.subarray(0, 500_000), 700_000)
  writer.write(index.subarray(500_000), 1_200_000)
  writer.write(Buffer.from([8]), 700_000)
  writer.flush()
  sound[4] = 9
  index[0] = 8
  expect(all().equals(Buffer.concat([sound, index]))).toBe(true)
  expect(patches).toEqual([4])
})

it('a write over the end is a patch and an addition', () => {
  const { writer, all } = receiver()
  writer.write(Buffer.from('abc'), 0)
  writer.write(Buffer.from('xyz'), 2)
  writer.flush()
  expect(all().toString()).toBe('abxyz')
})
