import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** One call of FFmpeg (the WebAssembly build, in a thread): what the thread is given. */
export interface Job {
  readonly module: WebAssembly.Module
  readonly args: readonly string[]
  readonly inputs: Readonly<Record<string, Uint8Array>>
  readonly output: string | undefined
}

/** What came of it. `bytes` is the output file; null when none was asked for, or FFmpeg failed. */
export interface Outcome {
  readonly status: number
  readonly log: readonly string[]
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

let compiled: Promise<WebAssembly.Module> | undefined

/** Runs FFmpeg with these arguments on files in memory. `inputs` are files by name, `output` is the one to give back. */
export async function ffmpeg(
  args: readonly string[],
  inputs: Readonly<Record<string, Uint8Array>> = {},
  output?: string,
): Promise<Outcome> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@ffmpeg/core/wasm')).then((binary) =>
    WebAssembly.compile(binary),
  )
  const job: Job = { module: await compiled, args, inputs, output }
  const worker = new Worker(new URL('./ffmpeg-thread.ts', import.meta.url), { workerData: job })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`FFmpeg's thread ended with ${code}`)))
  })
}
