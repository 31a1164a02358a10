import { describe, expect, it } from 'vitest'
import { mayBeDialled } from './public-address.ts'

describe('mayBeDialled', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('refuses %s', (address) => {
    expect(mayBeDialled(address, [])).toBe(false)
  })

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::8a'])(
    'accepts %s',
    (address) => {
      expect(mayBeDialled(address, [])).toBe(true)
    },
  )

  it('accepts the networks that are allowed, and no more', () => {
    const allowed = ['10.1.0.0/16', 'fd00:1::/32', '127.0.0.1']
    expect(['10.1.2.3', 'fd00:1::5', '127.0.0.1'].every((each) => mayBeDialled(each, allowed))).toBe(true)
    expect(mayBeDialled('::1', ['loopback']) && mayBeDialled('10.0.0.1', ['uniquelocal'])).toBe(true)
    const others = ['10.2.0.1', 'fd00:2::5', '127.0.0.2', '::ffff:10.1.2.3', '::1']
    expect(others.filter((each) => mayBeDialled(each, allowed))).toEqual([])
  })
})
