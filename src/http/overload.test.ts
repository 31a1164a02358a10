import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { silentLogger } from '../kit/logger.ts'
import { answerError } from './error-handler.ts'
import { shedOverload } from './overload.ts'

/** Keeps the event loop from turning. */
function stall(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

it('a process that can not keep up says so at once, and its probes go on', async () => {
  const app = fastify({ loggerInstance: silentLogger() }).withTypeProvider<TypeBoxTypeProvider>()
  onTestFinished(() => app.close())
  app.setErrorHandler(answerError)
  await shedOverload(app, { maxDelay: 60, window: 400 })
  app.get('/work', async () => 'done')
  app.get('/probe', { config: { quiet: true } }, async () => 'alive')
  expect((await app.inject('/work')).body).toBe('done')
  const work = setInterval(() => stall(100), 1)
  await expect.poll(async () => (await app.inject('/work')).statusCode, { timeout: 5_000 }).toBe(503)
  const refused = await app.inject('/work')
  expect(refused.json()).toMatchObject({ code: 'OVERLOADED', status: 503 })
  expect(refused.headers['retry-after']).toBe('5')
  expect((await app.inject('/probe')).body).toBe('alive')
  clearInterval(work)
  await expect.poll(async () => (await app.inject('/work')).body, { timeout: 5_000 }).toBe('done')
}, 15_000)
