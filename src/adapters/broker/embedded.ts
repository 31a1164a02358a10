import { AppError, toAppError } from '../../domain/errors.ts'
import { newId } from '../../kit/ids.ts'
import type {
  Broker,
  DeadLetter,
  DeadLetters,
  QueueMessage,
  QueueName,
  Subscription,
} from '../../ports/broker.ts'

/** Beyond so many, wake-up calls are dropped: the library holds the work, and sweeps look for it anyway. */
const MOST_WAITING = 10_000
const MOST_DEAD = 1_000
const LONGEST_PAUSE = 30_000

export interface EmbeddedSettings {
  /** Milliseconds before a message whose handler failed is handed over again; doubles with each failure. */
  readonly retryMs?: number
}

interface Waiting {
  readonly message: QueueMessage
  failures: number
}

interface Queue {
  readonly waiting: Waiting[]
  readonly subscribers: Set<() => void>
}

/** Dead letters in the memory of one process, the oldest forgotten first. */
function createDeadLetters(add: (queue: QueueName, message: QueueMessage) => void) {
  const kept = new Map<string, { letter: DeadLetter; message: QueueMessage }>()
  const deadLetters: DeadLetters = {
    async list(limit) {
      return [...kept.values()].slice(0, limit).map(({ letter }) => letter)
    },
    async requeue(ids = [...kept.keys()]) {
      const found = ids.flatMap((id) => kept.get(id) ?? [])
      for (const { letter, message } of found) {
        kept.delete(letter.id)
        add(letter.queue, message)
      }
      return found.length
    },
  }
  const bury = (queue: QueueName, message: QueueMessage, reason: string) => {
    const id = newId()
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= MOST_DEAD) kept.delete(oldest)
    kept.set(id, { letter: { id, queue, body: JSON.stringify(message), reason, at: Date.now() }, message })
  }
  return { deadLetters, bury }
}

/** Queues in the memory of one process. Several subscriptions of one queue share its messages. */
export function openEmbedded({ retryMs = 1_000 }: EmbeddedSettings = {}): Broker {
  const queues = new Map<QueueName, Queue>()
  const subscriptions = new Set<Subscription>()
  const retries = new Set<NodeJS.Timeout>()
  let open = true

  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name) ?? { waiting: [], subscribers: new Set() }
    queues.set(name, queue)
    return queue
  }
  const add = (queue: Queue, entry: Waiting) => {
    if (!open || queue.waiting.length >= MOST_WAITING) return
    queue.waiting.push(entry)
    for (const wake of queue.subscribers) wake()
  }
  /** The failed message waits apart, so that it neither spins nor holds up the ones behind it. */
  const addLater = (queue: Queue, entry: Waiting) => {
    if (retries.size >= MOST_WAITING) return
    const pause = Math.min(LONGEST_PAUSE, retryMs * 2 ** entry.failures)
    entry.failures += 1
    const timer = setTimeout(() => {
      retries.delete(timer)
      add(queue, entry)
    }, pause).unref()
    retries.add(timer)
  }
  const { deadLetters, bury } = createDeadLetters((name, message) => {
    add(queueOf(name), { message, failures: 0 })
  })

  return {
    deadLetters,
    get connected() {
      return open
    },
    async publish(name, message) {
      if (!open) throw new AppError('SERVICE_UNAVAILABLE', 'the broker is closed')
      add(queueOf(name), { message, failures: 0 })
    },
    async subscribe(name, handle) {
      if (!open) throw new AppError('SERVICE_UNAVAILABLE', 'the broker is closed')
      const queue = queueOf(name)
      const subscription = consume(queue, handle, (entry, error) => {
        const { code, message: reason } = toAppError(error)
        if (code === 'MESSAGE_UNUSABLE') bury(name, entry.message, reason)
        else addLater(queue, entry)
      })
      subscriptions.add(subscription)
      return subscription
    },
    async close() {
      open = false
      for (const timer of retries) clearTimeout(timer)
      await Promise.all([...subscriptions].map((subscription) => subscription.close()))
    },
  }
}

/** Hands over one message after another, in turns of the event loop of their own, while neither paused nor closed. */
function consume(
  queue: Queue,
  handle: (message: QueueMessage) => Promise<void>,
  failed: (entry: Waiting, error: unknown) => void,
): Subscription {
  let paused = false
  let closed = false
  let running: Promise<void> | undefined

  const run = async () => {
    await Promise.resolve() // publish returns before any handler runs
    while (!paused && !closed) {
      const entry = queue.waiting.shift()
      if (!entry) break
      try {
        await handle(entry.message)
      } catch (error) {
        failed(entry, error)
      }
    }
    running = undefined
  }
  const wake = () => {
    if (!paused && !closed) running ??= run()
  }
  queue.subscribers.add(wake)
  wake()
  return {
    pause() {
      paused = true
    },
    resume() {
      paused = false
      wake()
    },
    async close() {
      closed = true
      queue.subscribers.delete(wake)
      await running
    },
  }
}
