import type { Loudness, MeterShape } from '../meter/meter.ts'
import type { BlockRing } from '../mp3/block-ring.ts'
import type { BlockEncoder, EncodedBlock } from '../mp3/lane-protocol.ts'
import type { ReadableSource } from '../source/planned-source.ts'
import type { Sink } from '../source/sink.ts'
import { brokeOff, startJob } from '../worker-pool.ts'
import { engineModule } from './module.ts'
import type { PcmPipe } from './pcm-pipe.ts'
import type { ExecRequest, ThreadData, ThreadMessage } from './protocol.ts'
import { createResultServer } from './result-server.ts'
import { createSourceServer } from './source-server.ts'

export const ENGINE = { name: 'FFmpeg in WebAssembly (@ffmpeg/core 0.12.10)', version: '5.1.4' } as const

/** What a thread is connected to; what is absent it does not have. */
export interface Connections {
  readonly source?: ReadableSource
  readonly sink?: Sink
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
  /** Where a decoder writes samples, or an encoder reads them. */
  readonly pipe?: PcmPipe | undefined
  /** Where a decoder writes samples in place of a pipe. */
  readonly ring?: BlockRing | undefined
  /** Encodes the ring's blocks in the decoder's own thread. */
  readonly encoder?: InPlace | undefined
  /** What the samples are that a meter is to hear. */
  readonly meter?: MeterShape | undefined
}

/** An encoder of blocks without a thread of its own. */
export interface InPlace extends BlockEncoder {
  onBlock(block: EncodedBlock): void
}

/** The engine in a thread, for one conversion. */
export interface Engine {
  /** Runs the engine with command-line arguments; one run after another. */
  run(args: readonly string[], beside?: Beside): Promise<Run>
  /** It is needed no more, and ended well: its thread is left to others, unless it is still at work. */
  release(): void
  /** Ends it at once, whatever it is doing. */
  terminate(): Promise<void>
}

const THREAD = new URL('./thread.ts', import.meta.url)

/** Starts the engine. A thread that crashes fails its run with ENGINE_FAILED, else with what source or sink failed with. */
export async function startEngine(connections: Connections): Promise<Engine> {
  const source = createSourceServer(connections.source, (piece) => worker.post(piece, [piece.bytes.buffer]))
  const result = createResultServer(connections.sink)
  const data = engineModule().then(
    (module): ThreadData => ({
      module,
      sourceSize: connections.source?.size ?? null,
      reading: source.memory,
      credit: result.memory,
    }),
  )
  const ready = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  let ended = Promise.withResolvers<Run>()
  let onBlock: InPlace['onBlock'] | undefined
  /** Is it blocked in a run, or about to be? */
  let isBusy = true
  failed.promise.catch(() => {})

  const answer = (message: ThreadMessage): Promise<void> | void => {
    switch (message.kind) {
      case 'ready':
        isBusy = false
        return ready.resolve()
      case 'read':
        return source.fill(message)
      case 'block':
        return onBlock?.(message.block)
      case 'append':
        return result.append(message.bytes)
      case 'patch':
        return result.patch(message.offset, message.bytes)
      case 'ended':
        isBusy = false
        return result.settled().then(() => ended.resolve(message))
    }
  }
  const worker = startJob<ThreadMessage>(THREAD, data, {
    onMessage: (message) => void answer(message)?.catch(failed.reject),
    onEnd: (cause) => failed.reject(brokeOff('The engine', cause)),
  })
  await Promise.race([ready.promise, failed.promise])

  return {
    run(args, { tags, cover, pipe, ring, encoder, meter } = {}) {
      ended = Promise.withResolvers<Run>()
      onBlock = encoder?.onBlock
      isBusy = true
      const request: ExecRequest = {
        ...{ args, tags, cover, meter },
        pipe: pipe?.memory,
        ring: ring && { shape: ring.shape, memory: ring.memory },
        encoder: encoder && { modules: encoder.modules, settings: encoder.settings },
      }
      worker.post(request)
      return Promise.race([ended.promise, failed.promise])
    },
    release: () => (isBusy ? void worker.terminate() : worker.release()),
    terminate: () => worker.terminate(),
  }
}
