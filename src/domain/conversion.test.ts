import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  backOff,
  hasEnded,
  MAX_ATTEMPTS,
  mayBecome,
  mayBeRetried,
  STATES,
  secondsLeft,
  turnFor,
} from './conversion.ts'
import { ERRORS, errorKind, isErrorCode } from './errors.ts'

describe('the states', () => {
  it('end in done, failed or cancelled', () => {
    expect(STATES.filter(hasEnded)).toEqual(['done', 'failed', 'cancelled'])
    expect(STATES.filter(mayBeRetried)).toEqual(['failed', 'cancelled'])
  })
  it('never leave done, and leave the other ends only for the queue', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STATES), fc.constantFrom(...STATES), (from, to) => {
        if (!mayBecome(from, to)) return
        expect(from).not.toBe('done')
        if (hasEnded(from)) expect(to).toBe('queued')
        if (to === 'done' || to === 'failed') expect(from).toBe('running')
      }),
    )
  })
})

describe('the turn', () => {
  /** A queue of one server: submit as told, serve the lowest (turn, order); returns the owners in serving order. */
  const serve = (submits: readonly number[]): number[] => {
    const rows = submits.map((owner, order) => ({ owner, order, turn: 0 }))
    const last = new Map<number, number>()
    for (const row of rows) {
      row.turn = turnFor(1, last.get(row.owner) ?? null)
      last.set(row.owner, row.turn)
    }
    return rows.sort((a, b) => a.turn - b.turn || a.order - b.order).map((row) => row.owner)
  }
  it('lets a single file wait behind nobody’s thousand', () => {
    expect(serve([...Array(1000).fill(1), 2]).indexOf(2)).toBeLessThanOrEqual(1)
  })
  it('serves each owner once before it serves anyone again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }), (submits) => {
        const served = serve(submits)
        const counts = new Map<number, number>()
        const totals = new Map<number, number>()
        for (const owner of submits) totals.set(owner, (totals.get(owner) ?? 0) + 1)
        for (const owner of served) {
          counts.set(owner, (counts.get(owner) ?? 0) + 1)
          for (const [other, total] of totals) {
            const behind = (counts.get(owner) ?? 0) - (counts.get(other) ?? 0)
            if ((counts.get(other) ?? 0) < total) expect(behind).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })
})

describe('a failed attempt', () => {
  it('is repeated when another attempt may help, up to the limit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(ERRORS).filter(isErrorCode)),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (code, attempt, random) => {
          const next = afterFailure({ attempt, code }, 1000, random)
          expect(next.again).toBe(errorKind(code).retry === true && attempt < MAX_ATTEMPTS)
          if (next.again) expect(next.notBefore).toBeGreaterThanOrEqual(1000)
        },
      ),
    )
  })
  it('waits up to 5 s, then up to 20 s', () => {
    expect([backOff(1, 0.999), backOff(2, 0.999), backOff(9, 0.999, 60_000)]).toEqual([4995, 19_980, 59_940])
  })
})

it('tells how long a running conversion still takes', () => {
  const running = { state: 'running', startedAt: 10_000, progress: 0.25 } as const
  expect(secondsLeft(running, 20_000)).toBe(30)
  expect(secondsLeft({ ...running, progress: 1 }, 20_000)).toBe(0)
  for (const early of [{ progress: 0 }, { state: 'queued' }, { state: 'done' }, { startedAt: null }] as const)
    expect(secondsLeft({ ...running, ...early }, 20_000)).toBeNull()
})
