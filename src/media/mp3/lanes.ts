import { brokeOff, type JobWorker, startJob } from '../worker-pool.ts'
import type { BlockRing } from './block-ring.ts'
import type { BlockEncoder, EncodedBlock, LaneData, LaneMessage } from './lane-protocol.ts'

/** Threads that encode blocks of a ring. */
export interface Lanes {
  /** How many may work from now on; those that are missing are started, those beyond rest. */
  allow(lanes: number): void
  /** Rejects with ENGINE_FAILED when a lane crashes; never resolves. */
  readonly failed: Promise<never>
  /** The most that have worked at once. */
  readonly started: number
  /** All is encoded: those that have nothing to do are left to others. */
  release(): void
  /** Ends all of them at once. */
  terminate(): Promise<void>
}

const THREAD = new URL('./lane-thread.ts', import.meta.url)

/** Nothing runs until `allow` is called. `onBlock` gets blocks as they are done, in any order. */
export function openLanes(
  ring: BlockRing,
  encoder: BlockEncoder,
  onBlock: (block: EncodedBlock) => void,
): Lanes {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  const workers: JobWorker[] = []
  const busy = new Set<JobWorker>()
  let ended = false

  const startOne = () => {
    const { shape, memory } = ring
    const data: LaneData = { ...encoder, shape, memory, lane: workers.length }
    const worker = startJob<LaneMessage>(THREAD, data, {
      onMessage: (message) => (message.kind === 'block' ? onBlock(message.block) : busy.delete(worker)),
      onEnd: (cause) => failed.reject(brokeOff('An encoder', cause)),
    })
    workers.push(worker)
    busy.add(worker)
  }
  return {
    allow(wanted) {
      const lanes = Math.min(wanted, ring.shape.lanes)
      while (!ended && workers.length < lanes) startOne()
      ring.allow(lanes)
    },
    failed: failed.promise,
    get started() {
      return workers.length
    },
    release() {
      ended = true
      for (const worker of workers) busy.has(worker) ? void worker.terminate() : worker.release()
    },
    async terminate() {
      ended = true
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
