/** In the place of a conversion: looks at what the engine could reach from where it runs. */
import { parentPort, workerData } from 'node:worker_threads'
import { instantiateCore } from '../../src/media/ffmpeg/core.ts'

interface FileSystem {
  readonly root: { readonly mount: { readonly type: object } }
  readonly filesystems: Readonly<Record<string, object>>
  readFile(path: string): Uint8Array
}

const { module, file }: { module: WebAssembly.Module; file: string } = workerData
const core = await instantiateCore(module)
const whole: object = core
const files: FileSystem = Reflect.get(whole, 'FS')
const outside: string[] = []
for (const path of [
  file,
  '/etc/passwd',
  '/proc/self/environ',
  '/proc/1/cmdline',
  `/..${file}`,
  '/dev/tcp/127.0.0.1/22',
]) {
  try {
    files.readFile(path)
    outside.push(path)
  } catch {}
}
const mounted = Object.entries(files.filesystems)
  .filter(([, type]) => type === files.root.mount.type)
  .map(([name]) => name)
parentPort?.postMessage({ mounted, outside })
