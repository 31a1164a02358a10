/**
 * A thread of the engine: FFmpeg in WebAssembly, and three files that exist nowhere: the source (a read function),
 * the PCM pipe, the result (messages). It has no environment, no arguments and no other way out.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type Core, instantiateCore } from './core.ts'
import { PcmPipe } from './pcm-pipe.ts'
import {
  type ExecRequest,
  FLOAT_PCM,
  PCM,
  RESULT,
  SOURCE,
  type ThreadData,
  type ThreadMessage,
} from './protocol.ts'
import { createResultWriter, type ResultWriter } from './result-writer.ts'
import { createSourceReader } from './source-reader.ts'
import { tame } from './tame.ts'
import { addVirtualFile } from './virtual-file.ts'

/** Lines kept of one run: a hostile file can make the engine talk without end. */
const MAX_LINES = 2000
const MAX_LINE = 1000

const data: ThreadData = workerData
const port = parentPort
if (!port) throw new Error('this file is the start of a thread')
const say = (message: ThreadMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

const core = await instantiateCore(data.module)
let log: string[] = []
core.setLogger(({ message }) => {
  if (log.length < MAX_LINES) log.push(message.slice(0, MAX_LINE))
})
const finish = [addPcm(core), addResult(core)]
addSource(core)

port.on('message', ({ args }: ExecRequest) => {
  log = []
  const code = core.exec(...args)
  for (const each of finish) each()
  say({ kind: 'ended', code, log })
})
say({ kind: 'ready' })

function addSource(core: Core): void {
  const size = data.sourceSize
  if (size === null) return
  const read = createSourceReader(size, data.window, (offset, length) =>
    say({ kind: 'read', offset, length }),
  )
  addVirtualFile(core, SOURCE, { size: () => size, read })
}

/** Returns what is to be done when a run has ended: the decoder's last bytes are followed by the pipe's end. */
function addPcm(core: Core): () => void {
  const pipe = new PcmPipe(data.pcm)
  if (data.pcmDirection === 'read') {
    for (const name of [PCM, FLOAT_PCM])
      addVirtualFile(core, name, { size: () => 0, read: (target) => pipe.read(target) })
    return () => {}
  }
  const write = (bytes: Uint8Array) => pipe.write(bytes)
  addVirtualFile(core, PCM, { size: () => 0, write })
  addVirtualFile(core, FLOAT_PCM, { size: () => 0, write: (bytes) => write(tame(bytes)) })
  return () => {
    if (pipe.total > 0) pipe.end()
  }
}

function addResult(core: Core): () => void {
  const credit = new Int32Array(data.credit)
  const takeCredit = () => {
    for (;;) {
      const left = Atomics.load(credit, 0)
      if (left > 0 && Atomics.compareExchange(credit, 0, left, left - 1) === left) return
      if (left <= 0) Atomics.wait(credit, 0, left)
    }
  }
  const writer: ResultWriter = createResultWriter({
    append(bytes) {
      takeCredit()
      const own = bytes.slice()
      say({ kind: 'append', bytes: own }, [own.buffer])
    },
    patch(offset, bytes) {
      takeCredit()
      say({ kind: 'patch', offset, bytes })
    },
  })
  addVirtualFile(core, RESULT, { size: () => 0, write: writer.write })
  return writer.flush
}
