/**
 * A thread of the engine: FFmpeg in WebAssembly, and three files that exist nowhere: the source (a read function),
 * the PCM pipe, the result (messages). It has no arguments and no other way out; its environment names
 * where compiled scripts lie, nothing else.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { MAX_PICTURE } from '../cover/picture.ts'
import { joinFragments } from '../join/join-fragments.ts'
import { createMeter, type Meter } from '../meter/meter.ts'
import { BlockRing } from '../mp3/block-ring.ts'
import type { BlockEncoder } from '../mp3/lane-protocol.ts'
import { takeJobs } from '../worker-jobs.ts'
import { type Core, instantiateCore } from './core.ts'
import { PcmPipe } from './pcm-pipe.ts'
import {
  COVER,
  type ExecRequest,
  FLOAT_PCM,
  FRAGMENTS,
  HEARD,
  NOTES,
  PCM,
  PICTURE,
  RESULT,
  type ReadRequest,
  SOURCE,
  TAGS,
  type ThreadData,
  type ThreadMessage,
} from './protocol.ts'
import { createResultWriter, type ResultWriter } from './result-writer.ts'
import { createSourceReader } from './source-reader.ts'
import { openTame } from './tame.ts'
import { addVirtualFile } from './virtual-file.ts'

/** Lines kept of one run: a hostile file can make the engine talk without end. */
const MAX_LINES = 2000
const MAX_LINE = 1000
/** Lines of a description that nobody reads: chapters and tags, of which a file may have any number. */
const UNREAD = /^\[info\] {5,}(?!DURATION)(?:Chapter #|Metadata:|\S.*?: |: )/
/** Bytes kept of what a run notes of its source. */
const MAX_NOTES = 1024 * 1024

type Say = (message: ThreadMessage, transfer?: ArrayBuffer[]) => void

/** What the run under way has at hand. */
interface Running {
  log: string[]
  /** Where samples go, or come from. */
  pcm: BlockRing | PcmPipe | undefined
  /** Encodes the blocks that are whole, where that is done here. */
  encodeWhole: () => void
  /** What hears samples on their way. */
  meter: Meter | undefined
}

takeJobs<ThreadData>(async (data, port) => {
  const say: Say = (message, transfer) => port.postMessage(message, transfer)
  const core = await instantiateCore(data.module)
  const running: Running = { log: [], pcm: undefined, encodeWhole() {}, meter: undefined }
  core.setLogger(({ message }) => {
    const { log } = running
    if (log.length < MAX_LINES && !UNREAD.test(message)) log.push(message.slice(0, MAX_LINE))
  })
  const finish = [addPcm(core, running), addResult(core, running, data, say)]
  const notes = addKept(core, NOTES, MAX_NOTES)
  /** One byte more than a picture may have tells that it has too many. */
  const picture = addKept(core, PICTURE, MAX_PICTURE + 1)
  const forgetSource = addSource(core, data, say, port)

  port.on('message', async ({ args, tags, cover, pipe, ring, encoder, meter: shape }: ExecRequest) => {
    if (tags) core.FS.writeFile(TAGS, tags)
    if (cover) core.FS.writeFile(COVER, cover)
    const blocks = ring && new BlockRing(ring.shape, ring.memory)
    running.log = []
    running.pcm = blocks ?? (pipe && new PcmPipe(pipe))
    running.encodeWhole = blocks && encoder ? await openEncoder(blocks, encoder, say) : () => {}
    running.meter = shape && createMeter(shape)
    const code = core.exec(...args)
    for (const each of finish) each()
    forgetSource()
    const loudness = running.meter?.read() ?? null
    say({ kind: 'ended', code, log: running.log, notes: notes(), picture: picture(), loudness })
  })
  say({ kind: 'ready' })
})

const NOWHERE: ResultWriter = { write() {}, flush() {} }

/** Returns what is to be done when a run has ended. */
function addSource(
  core: Core,
  { sourceSize: size, reading }: ThreadData,
  say: Say,
  port: MessagePort,
): () => void {
  if (size === null) return () => {}
  const ask = (request: ReadRequest) => say({ kind: 'read', ...request }, [request.spare])
  const { read, forget } = createSourceReader(size, reading, ask, () => receiveMessageOnPort(port)?.message)
  addVirtualFile(core, SOURCE, { size: () => size, read })
  return forget
}

/** Returns what is to be done when a run has ended: the decoder's last bytes are followed by the end. */
function addPcm(core: Core, running: Running): () => void {
  const tame = openTame(core.asm.ra)
  let isWritten = false
  const read = (target: Uint8Array) => (running.pcm instanceof PcmPipe ? running.pcm.read(target) : 0)
  const write = (bytes: Uint8Array) => {
    isWritten = true
    running.meter?.listen(bytes)
    const most = running.pcm?.mostAtOnce ?? bytes.length
    for (let from = 0; from < bytes.length; from += most) {
      running.pcm?.write(bytes.subarray(from, from + most))
      running.encodeWhole()
    }
  }
  addVirtualFile(core, PCM, { size: () => 0, read, write })
  addVirtualFile(core, FLOAT_PCM, { size: () => 0, read, write: (bytes) => write(tame(bytes)) })
  addVirtualFile(core, HEARD, { size: () => 0, write: (bytes) => running.meter?.listen(tame(bytes)) })
  return () => {
    if (!isWritten) return
    running.pcm?.end()
    running.encodeWhole()
  }
}

/** An encoder in this thread, loaded when it is needed. */
async function openEncoder(
  ring: BlockRing,
  { modules, settings }: BlockEncoder,
  say: Say,
): Promise<() => void> {
  const { encodeBlock } = await import('../mp3/encode-block.ts')
  const { instantiateLame } = await import('../mp3/lame.ts')
  const { buffersOf } = await import('../mp3/parcel.ts')
  const openLame = instantiateLame(modules)
  return () => {
    for (let next = ring.takeWhole(); next; next = ring.takeWhole()) {
      const block = encodeBlock(ring, next, (loudest) => openLame(settings, loudest))
      say({ kind: 'block', block }, buffersOf(block.frames))
    }
  }
}

function addResult(core: Core, running: Running, data: ThreadData, say: Say): () => void {
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
  let joiner: ResultWriter | undefined
  const join = (deed: (into: ResultWriter) => void) => {
    try {
      joiner ??= joinFragments(writer)
      deed(joiner)
    } catch (error) {
      // What can not be joined gets no index: the check of the result refuses it.
      running.log.push(String(error))
      joiner = NOWHERE
    }
  }
  const write: ResultWriter['write'] = (bytes, position) => join((into) => into.write(bytes, position))
  addVirtualFile(core, FRAGMENTS, { size: () => 0, write })
  return () => (joiner ? join((into) => into.flush()) : writer.flush())
}

/** A file of which the first `most` bytes are kept. Returns what takes those of the run that has ended. */
function addKept(core: Core, name: string, most: number): () => Uint8Array {
  let parts: Uint8Array[] = []
  let size = 0
  const write = (bytes: Uint8Array) => {
    const part = bytes.slice(0, most - size)
    parts.push(part)
    size += part.length
  }
  addVirtualFile(core, name, { size: () => 0, write })
  return () => {
    const all = Buffer.concat(parts)
    parts = []
    size = 0
    return all
  }
}
