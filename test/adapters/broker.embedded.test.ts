import { describe, expect, it, vi } from 'vitest'
import { openEmbedded } from '../../src/adapters/broker/embedded.ts'
import { openBroker } from '../../src/adapters/broker/index.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { brokerContract } from '../contract/broker.ts'

brokerContract('embedded', async () => openEmbedded({ retryMs: 40 }))

describe('embedded', () => {
  it('drops wake-up calls beyond 10,000, and nothing it holds', async () => {
    const broker = openEmbedded()
    const message = { video_fid: 'x', mp3_fid: null, username: 'alice@example.com' }
    for (let each = 0; each < 12_000; each++) await broker.publish('video', message)
    let handed = 0
    await broker.subscribe('video', async () => {
      handed += 1
    })
    await vi.waitFor(() => expect(handed).toBe(10_000))
    await broker.publish('video', message)
    await vi.waitFor(() => expect(handed).toBe(10_001))
    await broker.close()
  })
})

describe('openBroker', () => {
  const rest = { queues: { video: 'video', mp3: 'mp3' }, logger: silentLogger() }

  it('opens the embedded one, and names a scheme it does not know', async () => {
    const broker = await openBroker({ url: 'embedded:', ...rest })
    expect(broker.connected).toBe(true)
    await broker.close()
    await expect(openBroker({ url: 'kafka://x', ...rest })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
