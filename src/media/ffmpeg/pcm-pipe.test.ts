import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PcmPipe } from './pcm-pipe.ts'

it('hands over what was written, in order, and then its end', () => {
  const pipe = new PcmPipe()
  const other = new PcmPipe(pipe.memory)
  const expected: number[] = []
  const seen: number[] = []
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (bytes, size) => {
      pipe.write(bytes)
      expected.push(...bytes)
      const target = new Uint8Array(size)
      if (expected.length > seen.length) seen.push(...target.subarray(0, other.read(target)))
    }),
  )
  pipe.end()
  for (const target = new Uint8Array(64); ; ) {
    const length = other.read(target)
    if (length === 0) break
    seen.push(...target.subarray(0, length))
  }
  expect(seen).toEqual(expected)
  expect(pipe.total).toBe(expected.length)
})

it('goes on after its counters have passed the end of the ring', () => {
  const pipe = new PcmPipe()
  const block = new Uint8Array(3 * 1024 * 1024).map((_, place) => place % 251)
  const target = new Uint8Array(block.length)
  for (let turn = 0; turn < 5; turn++) {
    pipe.write(block)
    for (let filled = 0; filled < target.length; ) filled += pipe.read(target.subarray(filled))
    expect(Buffer.compare(target, block)).toBe(0)
  }
})
