import { expect, it } from 'vitest'
import { box } from '../../../../test/support/mp4-boxes.ts'
import { boxesIn } from './boxes.ts'

it('of very many boxes the first are looked at', () => {
  const many = Buffer.concat(Array.from({ length: 5000 }, () => box('trak')))
  expect(boxesIn(many, { start: 0, end: many.length })).toHaveLength(1000)
})
