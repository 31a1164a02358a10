import { expect, it } from 'vitest'
import { seal, unseal } from './sealed.ts'
import { deriveKey } from './signed.ts'

const KEY = deriveKey('secret', 'test')

it('opens with the same key for the same thing, and not else', () => {
  const sealed = seal(KEY, 'whsec_ü', 'webhook 1')
  expect(unseal(KEY, sealed, 'webhook 1')).toBe('whsec_ü')
  expect(unseal(KEY, sealed, 'webhook 2')).toBeNull()
  expect(unseal(deriveKey('secret', 'other'), sealed, 'webhook 1')).toBeNull()
})

it('is different each time, and shows nothing', () => {
  const [first, second] = [seal(KEY, 'whsec_abc', ''), seal(KEY, 'whsec_abc', '')]
  expect(first).not.toBe(second)
  expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('whsec')
})

it('does not open when a byte was changed or cut off', () => {
  const sealed = Buffer.from(seal(KEY, 'text', ''), 'base64url')
  for (let place = 0; place < sealed.length; place++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(place) ^ 1, place)
    expect(unseal(KEY, changed.toString('base64url'), '')).toBeNull()
    expect(unseal(KEY, sealed.subarray(0, place).toString('base64url'), '')).toBeNull()
  }
})
