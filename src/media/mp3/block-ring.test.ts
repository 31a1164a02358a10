import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { BlockRing } from './block-ring.ts'
import { FRAMES_AFTER, FRAMES_BEFORE } from './settings.ts'

const SHAPE = { sampleRate: 44_100, channels: 2, lanes: 2, blockFrames: 20 }
const FRAME = 1152
/** Frames that there is room for behind the last block. */
const BEHIND = FRAMES_AFTER + 8

/** So many samples of both channels: left counts up, right counts down. */
function counting(samples: number): Uint8Array {
  const pcm = new Float32Array(2 * samples)
  for (let place = 0; place < samples; place++) pcm.set([place / 1e6, -place / 1e6], 2 * place)
  return new Uint8Array(pcm.buffer)
}

it('blocks overlap, and hold what was written', () => {
  const ring = new BlockRing(SHAPE)
  ring.allow(1)
  const samples = 45 * FRAME + 100
  ring.write(counting(samples))
  ring.end()
  const blocks = [ring.take(0), ring.take(0), ring.take(0), ring.take(0)]
  expect(blocks).toEqual([
    { index: 0, start: 0, samples: (20 + FRAMES_AFTER) * FRAME, framesBefore: 0, isLast: false },
    {
      index: 1,
      start: (20 - FRAMES_BEFORE) * FRAME,
      samples: (FRAMES_BEFORE + 20 + FRAMES_AFTER) * FRAME,
      framesBefore: FRAMES_BEFORE,
      isLast: false,
    },
    {
      index: 2,
      start: (40 - FRAMES_BEFORE) * FRAME,
      samples: (FRAMES_BEFORE + 5) * FRAME + 100,
      framesBefore: FRAMES_BEFORE,
      isLast: true,
    },
    undefined,
  ])
  const last = new Float32Array(6)
  ring.read(samples - 3, 3, last)
  const [first, second, third] = [samples - 3, samples - 2, samples - 1]
  expect([...last].map((each) => Math.round(each * 1e6))).toEqual([
    first,
    -first,
    second,
    -second,
    third,
    -third,
  ])
})

it('what ends with a block has no empty block behind it', () => {
  const ring = new BlockRing(SHAPE)
  ring.allow(1)
  ring.write(counting(20 * FRAME))
  ring.end()
  expect(ring.take(0)).toMatchObject({ index: 0, isLast: true })
  expect(ring.take(0)).toBeUndefined()
})

it('who writes may take what is whole, of more blocks than the ring holds', () => {
  const ring = new BlockRing({ ...SHAPE, lanes: 1 })
  const taken: (number | undefined)[] = []
  const take = () => {
    for (let block = ring.takeWhole(); block; block = ring.takeWhole()) {
      taken.push(block.index)
      ring.release()
    }
  }
  expect(ring.mostAtOnce).toBe(8 * FRAME * 8)
  for (let frames = 0; frames < 192; frames += 8) {
    ring.write(counting(8 * FRAME))
    take()
    expect(taken.length).toBe(Math.max(0, Math.floor((frames + 8 - FRAMES_AFTER) / 20)))
  }
  ring.end()
  take()
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('the end of a block that is released stays until the next one is', () => {
  const ring = new BlockRing(SHAPE)
  ring.allow(1)
  ring.write(counting((3 * 20 + BEHIND) * FRAME))
  for (let index = 0; index < 3; index++) ring.take(0)
  for (let index = 0; index < 2; index++) ring.release()
  ring.write(new Uint8Array(2 * 20 * FRAME * 8)) // all there is room for
  const start = (40 - FRAMES_BEFORE) * FRAME
  const read = new Float32Array(2)
  ring.read(start, 1, read)
  expect([...read].map((each) => Math.round(each * 1e6))).toEqual([start, -start])
})

it('a writer waits while the ring is full, and goes on when a block is released', async () => {
  const ring = new BlockRing(SHAPE)
  const writer = new Worker(
    `const { workerData } = require('node:worker_threads')
     import(workerData.file).then(({ BlockRing }) => {
       const ring = new BlockRing(workerData.shape, workerData.memory)
       ring.write(new Uint8Array(${10 * 20 * FRAME * 8}))
       ring.end()
     })`,
    {
      eval: true,
      workerData: {
        file: new URL('./block-ring.ts', import.meta.url).href,
        shape: SHAPE,
        memory: ring.memory,
      },
    },
  )
  const block = 20 * FRAME
  const reaches = async (blocks: number) => {
    const samples = Math.min(10 * block, blocks * block + BEHIND * FRAME)
    await expect.poll(() => ring.totalSamples, { timeout: 10_000 }).toBe(samples)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(ring.totalSamples).toBe(samples)
  }
  await reaches(3)
  ring.release()
  await reaches(4)
  for (let turn = 0; turn < 6; turn++) ring.release()
  await reaches(10)
  await writer.terminate()
})
