import { expect, it } from 'vitest'
import { WISH_FIELDS } from '../domain/wish/wish.ts'
import { readArgs } from './command.ts'
import { readWish, WISH_OPTIONS } from './wish-options.ts'

it('there is an option for every field of a wish', () => {
  const args = Object.keys(WISH_OPTIONS).flatMap((name) => [`--${name}`, name])
  expect(Object.keys(readWish(readArgs(args, WISH_OPTIONS).values)).sort()).toEqual([...WISH_FIELDS].sort())
})
