import { describe, expect, it } from 'vitest'
import { copying, openHouse, reached, submit } from './harness.ts'

const HOUR = 3_600_000

describe('the sweep', () => {
  it('fails what lost its worker in its last attempt, and tells it', async () => {
    const house = await openHouse()
    const id = await submit(house, { quietly: true })
    const long = Date.now() - HOUR
    for (let attempt = 1; attempt <= 3; attempt++) {
      await house.library.claim({ name: 'gone', now: long + attempt * 1000, leaseMs: 10 })
    }
    await house.start(copying)
    expect(await reached(house.library, id, 'failed')).toMatchObject({ failure: { code: 'WORKER_LOST' } })
    expect(await house.library.unannounced(10)).toHaveLength(1)
  })

  it('takes over what lost its worker before', async () => {
    const house = await openHouse()
    const id = await submit(house, { quietly: true })
    await house.library.claim({ name: 'gone', now: Date.now() - HOUR, leaseMs: 10 })
    await house.start(copying)
    expect(await reached(house.library, id, 'done')).toMatchObject({ attempt: 2 })
  })
})
