import type { QueueMessage } from '../domain/queue-message.ts'

export type { QueueMessage }

/** The queues: `video` (look for work), `mp3` (a success to tell), `failed` (a failure to tell; ours alone). */
export type QueueName = 'video' | 'mp3' | 'failed'

export interface Subscription {
  /** No further message is handed over until `resume`. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

/** A message that nobody can use, kept apart with the reason. */
export interface DeadLetter {
  readonly id: string
  readonly queue: QueueName
  /** The body as it came, as text; its first 2,000 characters. */
  readonly body: string
  readonly reason: string
  /** When it was given up, epoch milliseconds. */
  readonly at: number
}

export interface DeadLetters {
  /** Those of each queue, oldest first, at most `limit` in all. */
  list(limit: number): Promise<readonly DeadLetter[]>
  /** Puts these, or all, back into the queues they came from; how many there were. */
  requeue(ids?: readonly string[]): Promise<number>
}

/** Wake-up calls. They may be lost or come twice: the library holds the work, sweeps repeat the call. */
export interface Broker {
  /** Resolves when the broker has taken the message over; SERVICE_UNAVAILABLE otherwise, within 5 s. */
  publish(queue: QueueName, message: QueueMessage): Promise<void>
  /**
   * Hands over messages one after another; each is acknowledged when `handle` resolves. A message whose handler fails
   * comes again after a pause, others meanwhile; with MESSAGE_UNUSABLE it becomes a dead letter.
   */
  subscribe(queue: QueueName, handle: (message: QueueMessage) => Promise<void>): Promise<Subscription>
  readonly deadLetters: DeadLetters
  /** Shown by /readyz; never turns it off. */
  readonly connected: boolean
  close(): Promise<void>
}
