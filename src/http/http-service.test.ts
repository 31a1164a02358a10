import { expect, it } from 'vitest'
import { silentLogger } from '../kit/logger.ts'
import { healthRoutes } from './health.ts'
import { createHttpService } from './http-service.ts'
import { createServer } from './server.ts'

const open = async (linger: number) => {
  const listen = { host: '127.0.0.1', port: 0, linger }
  const service = createHttpService('test', listen, async () => {
    const app = await createServer({ logger: silentLogger(), trustProxy: [], corsOrigins: [] })
    healthRoutes(app, { hard: {} })
    return app
  })
  await service.start()
  return service
}

it('a stop turns readiness off and goes on to take new connections for a while', async () => {
  const service = await open(1_000)
  const since = Date.now()
  const stopped = service.stop(10_000)
  await Promise.resolve()
  const [ready, healthy] = [await fetch(`${service.url()}/readyz`), await fetch(`${service.url()}/healthz`)]
  expect([ready.status, healthy.status]).toEqual([503, 200])
  expect(healthy.headers.get('connection')).toBe('close')
  await stopped
  expect(Date.now() - since).toBeGreaterThanOrEqual(990)
  await expect(fetch(`${service.url()}/healthz`)).rejects.toThrow()
})

it('it does not linger longer than half of the time it has', async () => {
  const service = await open(60_000)
  const since = Date.now()
  await service.stop(200)
  expect(Date.now() - since).toBeLessThan(5_000)
})
