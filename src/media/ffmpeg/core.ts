import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** The part of @ffmpeg/core 0.12.10 that is called. The package has no types of its own. */
export interface Core {
  exec(...args: string[]): number
  setLogger(log: (line: { type: string; message: string }) => void): void
  /** Milliseconds until the engine ends itself; -1: never. */
  setTimeout(milliseconds: number): void
  _malloc(bytes: number): number
  /** The instance's exports; in this build `Ea` is stackRestore, `ra` the memory. */
  readonly asm: { Ea(pointer: number): void; readonly ra: WebAssembly.Memory }
  readonly FS: {
    writeFile(name: string, bytes: Uint8Array): void
    createFile(
      folder: string,
      name: string,
      properties: object,
      canRead: boolean,
      canWrite: boolean,
    ): FileNode
  }
}

/** A file of Emscripten's file system, whose doings are replaced by ours. */
export interface FileNode {
  id: number
  mode: number
  contents: unknown
  node_ops: object
  stream_ops: object
}

interface CoreSettings {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object
  mainScriptUrlOrBlob: string
}

const require = createRequire(import.meta.url)

/** Where the engine's script lies; its .wasm lies beside it. */
export const CORE_SCRIPT = require.resolve('@ffmpeg/core')
export const CORE_WASM = `${dirname(CORE_SCRIPT)}/ffmpeg-core.wasm`

/** The stack the engine is built with is 64 KB: libopus, ebur128 and others run over its end and trap. */
const STACK = 4 * 1024 * 1024

/** An instance of the engine in this thread, out of a module compiled before. Takes 20 to 40 ms. */
export async function instantiateCore(module: WebAssembly.Module): Promise<Core> {
  // The script knows browsers only: it looks for these two, and for the address of its worker in a fragment.
  Object.assign(globalThis, { self: globalThis, location: { href: `file://${CORE_SCRIPT}` } })
  const createCore: (settings: CoreSettings) => Promise<Core> = require(CORE_SCRIPT)
  const core = await createCore({
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(module, imports).then(done)
      return {}
    },
    mainScriptUrlOrBlob: `x#${btoa(JSON.stringify({ wasmURL: 'x.wasm', workerURL: '' }))}`,
  })
  core.setTimeout(-1)
  core.asm.Ea((core._malloc(STACK) + STACK) & ~15)
  return core
}
