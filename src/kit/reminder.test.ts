import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createReminder } from './reminder.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('says a reason when it comes up, and once a minute while it lasts', () => {
  const said: string[] = []
  const remind = createReminder((reason) => said.push(`${performance.now() / 1_000}: ${reason}`))
  vi.advanceTimersByTime(1_000)
  for (let second = 1; second < 130; second++) {
    remind(second < 5 || second % 2 ? 'refused' : 'no such name')
    vi.advanceTimersByTime(1_000)
  }
  expect(said).toEqual([
    '1: refused',
    '6: no such name',
    '61: refused',
    '66: no such name',
    '121: refused',
    '126: no such name',
  ])
})
