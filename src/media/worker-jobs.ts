import { type MessagePort, parentPort } from 'node:worker_threads'

/** What a thread gets when a job is given to it. */
export interface Job<Data = unknown> {
  readonly data: Data
  /** To whoever gave it; closed when the job is done. */
  readonly port: MessagePort
}

/**
 * In a thread: does every job that it is given, one after another. Whatever `begin` makes belongs to that job alone;
 * nothing of one may be found by the next.
 */
export function takeJobs<Data>(begin: (data: Data, port: MessagePort) => Promise<void>): void {
  if (!parentPort) throw new Error('this file is the start of a thread')
  parentPort.on('message', ({ data, port }: Job<Data>) => begin(data, port))
}
