import { Worker } from 'node:worker_threads'
import { AppError } from '../domain/errors.ts'

/** Starts a thread that has no environment and no arguments, and prints nothing. */
export const startWorker = (file: URL, workerData: unknown): Worker =>
  new Worker(file, { workerData, env: {}, argv: [], execArgv: [], stdout: true, stderr: true })

/** ENGINE_FAILED: what ran in a thread (`An encoder`) crashed, or its thread ended too early. */
export const brokeOff = (what: string, cause = new Error('the thread ended')): AppError =>
  new AppError('ENGINE_FAILED', `${what} broke off: ${cause.message.slice(0, 200)}`, { cause })
