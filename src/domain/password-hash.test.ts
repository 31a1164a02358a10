import { describe, expect, it } from 'vitest'
import { isBcrypt, looksHashed } from './password-hash.ts'

const REST = 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
const hashes = [
  `$2b$10$${REST}`,
  '$2b$10$short.one',
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
  '$6$rounds=5000$salt$hash',
  '$1$salt1234$abcdefgh',
  'pbkdf2_sha256$260000$salt$hash1234',
  'pbkdf2:sha256:260000$salt$hash1234',
  'scrypt:32768:8:1$salt$hash1234',
  '{SSHA}0123456789abcdef',
]
const passwords = [
  '',
  'devops',
  '123456',
  '$ecret$',
  '$2 bills',
  'md5',
  '{x}',
  'correct horse $taple',
  '$$$$$$$$$$$$',
]

describe('stored passwords', () => {
  it('bcrypt is known by its whole form, in three spellings, as long as it can be checked in time', () => {
    for (const version of ['2a', '2b', '2y']) expect(isBcrypt(`$${version}$10$${REST}`)).toBe(true)
    for (const head of ['$2b$03$', '$2b$16$', '$2b$31$', '$2x$10$', '$2$10$', '$2b$1$', ' $2b$10$']) {
      expect(isBcrypt(head + REST), head).toBe(false)
    }
    for (const tail of [REST.slice(1), `${REST}x`, `${REST}\n`])
      expect(isBcrypt(`$2b$10$${tail}`)).toBe(false)
  })

  it('hashes are told from what people type', () => {
    for (const hash of hashes) expect(looksHashed(hash), hash).toBe(true)
    for (const password of passwords) expect(looksHashed(password), password).toBe(false)
  })
})
