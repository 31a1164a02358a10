import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../domain/errors.ts'

/** What a thread's garbage may grow to before it is looked through, MB: by default it is 48 for each. */
const YOUNG = 6

/** Starts a thread that has no arguments, prints nothing, and has no environment but the folder of compiled scripts. */
export function startWorker(file: URL, workerData: unknown): Worker {
  const cache = getCompileCacheDir()
  // It starts in a third of the time when its types need not be stripped again. Node adds its version to the folder.
  const env = cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG }
  return new Worker(file, {
    workerData,
    env,
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits,
  })
}

/** ENGINE_FAILED: what ran in a thread (`An encoder`) crashed, or its thread ended too early. */
export const brokeOff = (what: string, cause = new Error('the thread ended')): AppError =>
  new AppError('ENGINE_FAILED', `${what} broke off: ${cause.message.slice(0, 200)}`, { cause })
