import { expect, it } from 'vitest'
import { isTraceparent } from './traceparent.ts'

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']

it('takes what the standard shows, and nothing that only resembles it', () => {
  expect(isTraceparent(`00-${TRACE}-${SPAN}-01`)).toBe(true)
  for (const other of [
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-01\n`,
    '',
    null,
    [`00-${TRACE}-${SPAN}-01`],
  ])
    expect(isTraceparent(other), `${other}`).toBe(false)
})
