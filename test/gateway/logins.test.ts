import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { openGateway } from './open-gateway.ts'

const LOGINS = 200
const RESOLUTION = 5
/** Milliseconds. */
const AIM = 50

it('two hundred logins at once do not stall the process', async () => {
  const { url, token } = await openGateway()
  await token('alice@example.com')
  const authorization = `Basic ${Buffer.from('alice@example.com:correct horse').toString('base64')}`
  const login = () => fetch(`${url}/login`, { method: 'POST', headers: { authorization } })
  await (await login()).text()
  const late = monitorEventLoopDelay({ resolution: RESOLUTION })
  late.enable()
  const statuses = await Promise.all(
    Array.from({ length: LOGINS }, async () => {
      const answer = await login()
      await answer.text()
      return answer.status
    }),
  )
  late.disable()
  const p99 = late.percentile(99) / 1e6 - RESOLUTION
  console.log(`loop late by ${p99.toFixed(1)} ms (p99), ${(late.max / 1e6).toFixed(0)} ms at most`)
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(p99).toBeLessThanOrEqual(AIM)
})
