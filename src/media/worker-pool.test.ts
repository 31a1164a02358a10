import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { startJob } from './worker-pool.ts'

/** Answers each job with its thread's number; one whose data is `ill` ends a moment later. */
const THREAD = (name: string) => {
  const script = `// ${name}
    import { parentPort, threadId } from 'node:worker_threads'
    parentPort.on('message', ({ data, port }) => {
      port.postMessage(threadId)
      if (data === 'ill') setTimeout(() => process.exit(1), 100)
    })`
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`)
}

const REST = 2_000

async function begin(file: URL, data = 'well') {
  const answered = Promise.withResolvers<number>()
  const ended = Promise.withResolvers<void>()
  const job = startJob<number>(file, data, { onMessage: answered.resolve, onEnd: () => ended.resolve() })
  return { job, thread: await answered.promise, ended: ended.promise }
}

afterEach(() => void vi.useRealTimers())

it('the next job gets the thread of one that is done, and not that of one that was broken off', async () => {
  const file = THREAD('next')
  const first = await begin(file)
  const beside = await begin(file)
  expect(beside.thread).not.toBe(first.thread)
  first.job.release()
  const second = await begin(file)
  expect(second.thread).toBe(first.thread)
  await second.job.terminate()
  await beside.job.terminate()
  const third = await begin(file)
  expect([first.thread, beside.thread]).not.toContain(third.thread)
  await third.job.terminate()
})

it('a thread that nobody needs ends', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const started = once(process, 'worker')
  const { job } = await begin(THREAD('rest'))
  const [worker] = await started
  job.release()
  vi.advanceTimersByTime(REST - 1)
  expect(worker.threadId).toBeGreaterThan(0)
  vi.advanceTimersByTime(1)
  await once(worker, 'exit')
})

it('a job gives its thread back once: what is said later is not about the next job', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const file = THREAD('once')
  const first = await begin(file)
  first.job.release()
  first.job.release()
  const second = await begin(file)
  expect(second.thread).toBe(first.thread)
  first.job.release()
  const third = await begin(file)
  expect(third.thread).not.toBe(second.thread)
  await first.job.terminate()
  let hasEnded = false
  void second.ended.then(() => {
    hasEnded = true
  })
  vi.advanceTimersByTime(10 * REST)
  vi.useRealTimers()
  await pause(200)
  expect(hasEnded).toBe(false)
  await second.job.terminate()
  await third.job.terminate()
})

it('a thread that has died is not kept', async () => {
  const file = THREAD('corpse')
  const dead = await begin(file, 'ill')
  await dead.ended
  dead.job.release()
  const { job, thread } = await begin(file)
  onTestFinished(() => job.terminate())
  expect(thread).not.toBe(dead.thread)
})

it('a thread that dies is told to whoever has it, and gets no job afterwards', async () => {
  const file = THREAD('death')
  await (await begin(file, 'ill')).ended
  const dying = await begin(file, 'ill')
  dying.job.release()
  await pause(500)
  const { job, thread } = await begin(file)
  onTestFinished(() => job.terminate())
  expect(thread).not.toBe(dying.thread)
})

it('a thread whose job has no data after all is ended', async () => {
  const ended = Promise.withResolvers<Error | undefined>()
  const data = Promise.reject(new Error('it can not be compiled'))
  startJob(THREAD('refused'), data, { onMessage() {}, onEnd: ended.resolve })
  expect((await ended.promise)?.message).toBe('it can not be compiled')
})
