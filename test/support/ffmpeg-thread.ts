import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { Job, Outcome } from './ffmpeg.ts'

/** The part of @ffmpeg/core that is called here. */
interface Core {
  exec(...args: string[]): number
  setLogger(log: (line: { message: string }) => void): void
  setTimeout(milliseconds: number): void
  _malloc(bytes: number): number
  readonly asm: { Ea(pointer: number): void }
  readonly FS: {
    writeFile(name: string, bytes: Uint8Array): void
    readFile(name: string): Uint8Array<ArrayBuffer>
  }
}

interface Settings {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object
  mainScriptUrlOrBlob: string
}

const require = createRequire(import.meta.url)
const script = require.resolve('@ffmpeg/core')
/** The build's own stack of 64 KB is too small for libopus and others; `Ea` is stackRestore in 0.12.10. */
const STACK = 4 * 1024 * 1024

const { module, args, inputs, output }: Job = workerData
// The script knows browsers only.
Object.assign(globalThis, { self: globalThis, location: { href: `file://${script}` } })
const create: (settings: Settings) => Promise<Core> = require(script)
const core = await create({
  instantiateWasm(imports, done) {
    WebAssembly.instantiate(module, imports).then(done)
    return {}
  },
  mainScriptUrlOrBlob: `x#${btoa(JSON.stringify({ wasmURL: 'x.wasm', workerURL: '' }))}`,
})
const log: string[] = []
core.setLogger(({ message }) => log.push(message))
core.setTimeout(-1)
core.asm.Ea((core._malloc(STACK) + STACK) & ~15)
for (const [name, bytes] of Object.entries(inputs)) core.FS.writeFile(name, bytes)
const status = core.exec('-nostdin', '-y', ...args)
const outcome: Outcome = { status, log, bytes: status === 0 && output ? core.FS.readFile(output) : null }
parentPort?.postMessage(outcome)
