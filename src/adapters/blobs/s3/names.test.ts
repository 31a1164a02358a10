import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namesOf } from './names.ts'

const keys = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc
    .array(fc.constantFrom('.', '..', '/', '%', 'a', '.soundlift/', 'odd/', '.note'), { minLength: 1 })
    .map((parts) => parts.join('')),
)
const names = namesOf('pre/', 'videos')

describe('namesOf', () => {
  it('leaves an ordinary key exactly as it is', () => {
    const key = '65f0c2a1b3d4e5f601234567/1700000000000-0123456789ab-Ünï_100%_(a).pdf'
    expect(names.object(key)).toBe(`pre/${key}`)
    expect(namesOf('', 'videos').object(key)).toBe(key)
  })

  it('makes no name that servers refuse, and none among the notes', () => {
    fc.assert(
      fc.property(keys, (key) => {
        for (const name of [names.object(key), names.entry(key), names.unfinished(key)]) {
          for (const segment of name.split('/')) expect(['', '.', '..']).not.toContain(segment)
        }
        for (const folder of [names.entries, names.unfinishedOnes])
          expect(names.object(key).startsWith(folder)).toBe(false)
      }),
    )
  })

  it('tells the key of a note', () => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(names.keyOf(names.entry(key), names.entries)).toBe(key)
        expect(names.keyOf(names.unfinished(key), names.unfinishedOnes)).toBe(key)
      }),
    )
  })

  it('gives no two keys one object', () => {
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        fc.pre(one !== other)
        expect(names.object(one)).not.toBe(names.object(other))
      }),
    )
  })
})
