import { expect, it } from 'vitest'
import { silentLogger } from './logger.ts'
import { createTakeWork } from './take-work.ts'

it('never forgets a look, at whatever moment of an empty claim it comes', async () => {
  for (let later = 0; later < 12; later++) {
    let claims = 0
    const work = createTakeWork({
      slots: 1,
      async claim() {
        claims += 1
        if (claims === 1) void lookLater(later)
        return null
      },
      run: async () => {},
      logger: silentLogger(),
    })
    const lookLater = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      work.look()
    }
    work.look()
    await new Promise((resolve) => setImmediate(resolve))
    expect(claims, `${later} turns later`).toBe(2)
  }
})
