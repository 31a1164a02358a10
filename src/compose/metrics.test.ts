import { createServer } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { readConfig } from '../config.ts'
import { silentLogger } from '../kit/logger.ts'
import { openMetrics } from './metrics.ts'

async function takenPort(): Promise<number> {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function start(given: boolean) {
  const logger = silentLogger()
  const warn = vi.spyOn(logger, 'warn')
  const config = { ...readConfig({}), metrics: { port: await takenPort(), given } }
  const { services } = await openMetrics(config, logger)
  onTestFinished(async () => void (await Promise.all(services.map((service) => service.stop(100)))))
  await Promise.all(services.map((service) => service.start()))
  return warn.mock.calls.join('\n')
}

it('a port that someone asked for must be free', async () => {
  await expect(start(true)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
})

it('without one, another service that has it already is no reason not to start', async () => {
  expect(await start(false)).toMatch(/metrics can not listen on .*METRICS_PORT/)
})
