import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { AppError } from '../domain/errors.ts'
import type { Job } from './worker-jobs.ts'

/** What a thread's garbage may grow to before it is looked through, MB: by default it is 48 for each. */
const YOUNG = 6
/** Milliseconds that a thread without a job waits for the next one: its start costs half of what a short sound does. */
const REST = 2_000

/** A worker thread that has a job. It is given back once, by the first call of `release` or `terminate`. */
export interface JobWorker {
  /** Says it to the thread; what is in `transfer` is the thread's from then on. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void
  /** The job is done, and well: the thread, which waits for messages, may have another. */
  release(): void
  /** Ends the thread at once, whatever it is doing. */
  terminate(): Promise<void>
}

export interface JobEvents<Message> {
  onMessage(message: Message): void
  /** The thread crashed, or has ended otherwise. */
  onEnd(cause?: Error): void
}

/** A thread, and who is to know when it ends. */
interface Thread {
  readonly worker: Worker
  hasEnded: boolean
  onEnd: JobEvents<never>['onEnd']
  /** Ends its rest. */
  timer?: NodeJS.Timeout
}

/** Those that rest, by the file they run. */
const resting = new Map<string, Set<Thread>>()

/**
 * Gives a job to a thread that runs `file`, which takes it by `takeJobs`: to one that rests, or to a new one, which starts
 * while `data` is on its way.
 */
export function startJob<Message>(
  file: URL,
  data: unknown,
  { onMessage, onEnd }: JobEvents<Message>,
): JobWorker {
  const idle = resting.get(file.href) ?? new Set()
  resting.set(file.href, idle)
  const thread = [...idle].at(-1) ?? startThread(file)
  const { worker } = thread
  idle.delete(thread)
  clearTimeout(thread.timer)
  thread.onEnd = onEnd
  worker.ref()
  const { port1: port, port2 } = new MessageChannel()
  port.on('message', onMessage)
  const give = (ready: unknown) => {
    const job: Job = { data: ready, port: port2 }
    worker.postMessage(job, [port2])
  }
  let isOver = false
  const giveBack = async (deed: () => unknown) => {
    if (isOver) return
    isOver = true
    port.close()
    await deed()
  }
  const refuse = (cause: Error) => {
    void giveBack(() => worker.terminate())
    onEnd(cause)
  }
  Promise.resolve(data).then(give).catch(refuse)
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    release: () => void giveBack(() => rest(thread, idle)),
    terminate: () => giveBack(() => worker.terminate()),
  }
}

/** Until it gets a job or its time is over; it keeps no process alive. */
function rest(thread: Thread, idle: Set<Thread>): void {
  if (thread.hasEnded) return
  idle.add(thread)
  thread.worker.unref()
  thread.onEnd = () => idle.delete(thread)
  thread.timer = setTimeout(() => {
    idle.delete(thread)
    void thread.worker.terminate()
  }, REST).unref()
}

/** A thread that has no arguments, prints nothing, and has no environment but the folder of compiled scripts. */
function startThread(file: URL): Thread {
  const cache = getCompileCacheDir()
  // It starts in a third of the time when its types need not be stripped again. Node adds its version to the folder.
  const env = cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG }
  const worker = new Worker(file, { env, argv: [], execArgv: [], stdout: true, stderr: true, resourceLimits })
  const thread: Thread = { worker, hasEnded: false, onEnd() {} }
  worker.on('error', (cause) => thread.onEnd(cause))
  worker.on('exit', () => {
    thread.hasEnded = true
    thread.onEnd()
  })
  return thread
}

/** ENGINE_FAILED: what ran in a thread (`An encoder`) crashed, or its thread ended too early. */
export const brokeOff = (what: string, cause = new Error('the thread ended')): AppError =>
  new AppError('ENGINE_FAILED', `${what} broke off: ${cause.message.slice(0, 200)}`, { cause })
