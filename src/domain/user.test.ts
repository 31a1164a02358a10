import { describe, expect, it } from 'vitest'
import { checkPassword, emailKey, mayTouch, parseEmail } from './user.ts'

describe('an e-mail address', () => {
  it.each(['alice@example.com', ' bob+x@sub.example.org ', 'root@localhost', 'grüße@exämple.de'])(
    '%j passes',
    (text) => expect(parseEmail(text)).toBe(text.trim()),
  )
  it.each(['', 'alice', 'a@b@c', 'a b@c', 'a@c\r\nBcc: d@e', '<a@b>', '@b', 'a@', '"a"@b', 'a:b@c'])(
    '%j is refused',
    (text) => expect(() => parseEmail(text)).toThrow('not valid'),
  )
  it('is unique without case', () => expect(emailKey(' Alice@Example.COM ')).toBe('alice@example.com'))
})

describe('a password', () => {
  it.each(['correct horse', '12 Zeichen ü', 'x'.repeat(256)])('%j passes', (text) =>
    expect(() => checkPassword(text)).not.toThrow(),
  )
  it.each(['devops', 'Password1', '12345678', 'x'.repeat(257), ''])('%j is refused with the rule', (text) =>
    expect(() => checkPassword(text)).toThrow('8 to 256 characters'),
  )
})

it('the owner rule knows owner, admin and nobody', () => {
  const alice = { userId: 'a', email: 'alice@example.com', admin: false }
  const ghost = { ...alice, userId: null }
  expect([mayTouch(alice, 'a'), mayTouch(alice, 'b'), mayTouch({ ...alice, admin: true }, 'b')]).toEqual([
    true,
    false,
    true,
  ])
  expect([mayTouch(ghost, null), mayTouch(alice, null)]).toEqual([false, false])
})
