import type { Loudness, MeterShape } from '../meter/meter.ts'
import type { BlockRing } from '../mp3/block-ring.ts'
import type { PlannedSource } from '../source/planned-source.ts'
import type { Sink } from '../source/sink.ts'
import { brokeOff, startWorker } from '../worker.ts'
import { engineModule } from './module.ts'
import type { PcmPipe } from './pcm-pipe.ts'
import type { ExecRequest, ThreadData, ThreadMessage } from './protocol.ts'
import { createResultServer } from './result-server.ts'
import { createSourceServer } from './source-server.ts'

export const ENGINE = { name: 'FFmpeg in WebAssembly (@ffmpeg/core 0.12.10)', version: '5.1.4' } as const

/** What a thread is connected to; what is absent it does not have. */
export interface Connections {
  readonly source?: PlannedSource
  readonly sink?: Sink
  readonly pcm: PcmPipe
  readonly pcmDirection: 'read' | 'write'
}

/** How a run of the engine ended. The exit code proves little: half a file can give 0. */
export interface Run {
  readonly code: number
  readonly log: readonly string[]
  /** What the run wrote to NOTES, up to a limit. */
  readonly notes: Uint8Array
  /** The same for PICTURE. */
  readonly picture: Uint8Array
  /** Of the samples that were written; null without a meter, and for silence. */
  readonly loudness: Loudness | null
}

/** What a run finds beside its arguments. */
export interface Beside {
  /** Lie in the file TAGS meanwhile. */
  readonly tags?: Uint8Array | undefined
  /** Lie in the file COVER. */
  readonly cover?: Uint8Array | undefined
  /** Where samples are written; without it into the pipe. */
  readonly ring?: BlockRing | undefined
  /** What the samples are that a meter is to hear. */
  readonly meter?: MeterShape | undefined
}

/** One thread of the engine, for one conversion. */
export interface Engine {
  /** Runs the engine with command-line arguments; one run after another. */
  run(args: readonly string[], beside?: Beside): Promise<Run>
  /** Ends the thread at once, whatever it is doing. */
  terminate(): Promise<void>
}

const THREAD = new URL('./thread.ts', import.meta.url)

/** Starts a thread. One that crashes fails its run with ENGINE_FAILED, else with what source or sink failed with. */
export async function startEngine(connections: Connections): Promise<Engine> {
  const source = createSourceServer(connections.source)
  const result = createResultServer(connections.sink)
  const workerData: ThreadData = {
    module: await engineModule(),
    sourceSize: connections.source?.size ?? null,
    window: source.memory,
    credit: result.memory,
    pcm: connections.pcm.memory,
    pcmDirection: connections.pcmDirection,
  }
  const worker = startWorker(THREAD, workerData)
  const ready = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  let ended = Promise.withResolvers<Run>()
  failed.promise.catch(() => {})

  const answer = (message: ThreadMessage): Promise<void> | void => {
    switch (message.kind) {
      case 'ready':
        return ready.resolve()
      case 'read':
        return source.fill(message.offset)
      case 'append':
        return result.append(message.bytes)
      case 'patch':
        return result.patch(message.offset, message.bytes)
      case 'ended':
        return result.settled().then(() => ended.resolve(message))
    }
  }
  worker.on('message', (message: ThreadMessage) => void answer(message)?.catch(failed.reject))
  worker.on('error', (cause) => failed.reject(brokeOff('The engine', cause)))
  worker.on('exit', () => failed.reject(brokeOff('The engine')))
  await Promise.race([ready.promise, failed.promise])

  return {
    run(args, { tags, cover, ring, meter } = {}) {
      ended = Promise.withResolvers<Run>()
      const blocks = ring && { shape: ring.shape, memory: ring.memory }
      const request: ExecRequest = { args, tags, cover, ring: blocks, meter }
      worker.postMessage(request)
      return Promise.race([ended.promise, failed.promise])
    },
    async terminate() {
      await worker.terminate()
    },
  }
}
