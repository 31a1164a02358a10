import { expect, it } from 'vitest'
import { deriveKey, sign, verify } from './signed.ts'

const key = deriveKey('secret', 'links')

it('reads back what it signed', () => expect(verify(key, sign(key, { id: 1 }))).toEqual({ id: 1 }))

it('refuses another purpose, a changed body and a late caller', () => {
  const token = sign(key, 'file', 1000)
  expect(verify(key, token, 999)).toBe('file')
  expect(verify(key, token, 1000)).toBeUndefined()
  expect(verify(deriveKey('secret', 'mail'), token, 999)).toBeUndefined()
  expect(verify(key, `x${token}`, 999)).toBeUndefined()
  for (const junk of ['', '.', 'a.b', 'a.b.c', `${token}.`]) expect(verify(key, junk)).toBeUndefined()
})
