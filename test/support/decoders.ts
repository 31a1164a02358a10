import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

/** Decoders that share nothing with the product: 32-bit floats of a file. From a pipe ffmpeg plays the padding too. */
const DECODERS = {
  ffmpeg: (file: string) => ['-v', 'error', '-i', file, '-f', 'f32le', 'pipe:1'],
  mpg123: (file: string) => ['-q', '-e', 'f32', '-s', file],
}
export type Decoder = keyof typeof DECODERS

let count = 0

/** What a gapless player plays: interleaved samples. Fails with what the decoder complains of. */
export async function played(decoder: Decoder, bytes: Uint8Array): Promise<Float32Array> {
  const file = join(tmpdir(), `soundlift-played-${process.pid}-${count++}.mp3`)
  await writeFile(file, bytes)
  try {
    const child = spawn(decoder, DECODERS[decoder](file), { stdio: ['ignore', 'pipe', 'pipe'] })
    const [pcm, complaint] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
    if (complaint.length > 0) throw new Error(`${decoder}: ${complaint.toString().slice(0, 500)}`)
    return new Float32Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length))
  } finally {
    await rm(file)
  }
}
