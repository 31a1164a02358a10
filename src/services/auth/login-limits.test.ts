import { expect, it } from 'vitest'
import { addressKey } from './login-limits.ts'

it('takes an IPv6 network of one customer for one address, and IPv4 however it is written', () => {
  expect(addressKey('2001:db8:1:2:3::4')).toBe(addressKey('2001:db8:1:2::ffff'))
  expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'))
  expect(addressKey('::ffff:192.0.2.1')).toBe(addressKey('192.0.2.1'))
  expect(addressKey('192.0.2.1')).not.toBe(addressKey('192.0.2.2'))
  expect(addressKey('nonsense')).toBe('nonsense')
})
