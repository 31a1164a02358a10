import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { paced } from './paced.ts'

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += Buffer.from(chunk).toString()
  return text
}

it('hands over what comes', async () => {
  const stream = new PassThrough()
  stream.write('ab')
  stream.end('cd')
  expect(await collect(paced(stream, 100))).toBe('abcd')
})

it('ends a sender that stops, and leaves its stream open for the answer', async () => {
  const stream = new PassThrough()
  stream.write('ab')
  await expect(collect(paced(stream, 50))).rejects.toMatchObject({ code: 'UPLOAD_STALLED' })
  expect(stream.destroyed).toBe(false)
})

it('ends a trickle, although something comes in every while', async () => {
  const stream = new PassThrough()
  const trickle = setInterval(() => stream.write('x'), 70)
  try {
    await expect(collect(paced(stream, 100))).rejects.toMatchObject({ code: 'UPLOAD_STALLED' })
  } finally {
    clearInterval(trickle)
  }
})

it('does not count the time its reader takes', async () => {
  const stream = new PassThrough()
  stream.write('ab')
  let read = ''
  for await (const chunk of paced(stream, 50)) {
    read += Buffer.from(chunk).toString()
    await delay(100)
    if (!stream.writableEnded) stream.end('cd')
  }
  expect(read).toBe('abcd')
})

it('tells when the sender goes away', async () => {
  const stream = new PassThrough()
  stream.write('ab')
  const collected = collect(paced(stream, 1_000))
  stream.destroy(new Error('aborted'))
  await expect(collected).rejects.toMatchObject({ code: 'UPLOAD_ABORTED' })
})
