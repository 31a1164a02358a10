import { expect, it } from 'vitest'
import { basicCredentials, bearerToken } from './authorization.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

it('reads a token behind a scheme in any case and any number of spaces', () => {
  for (const header of ['Bearer a.b.c', 'bearer a.b.c', 'BEARER   a.b.c', '  Bearer \t a.b.c  ']) {
    expect(bearerToken(header)).toBe('a.b.c')
  }
})

it('tells a missing header from one that is not understood', () => {
  for (const header of [undefined, '', '   ']) {
    expect(() => bearerToken(header)).toThrow(expect.objectContaining({ code: 'TOKEN_MISSING' }))
  }
  for (const header of ['a.b.c', 'Bearer', 'Bearer  ', 'Basic a.b.c', 'Bearer a b', 'Bearera.b.c']) {
    expect(() => bearerToken(header)).toThrow(expect.objectContaining({ code: 'AUTHORIZATION_MALFORMED' }))
  }
})

it('reads Basic credentials; the password may hold colons, spaces and any letters', () => {
  expect(basicCredentials(`bAsIc   ${base64('a@b.c:p:w ä')}`)).toEqual({ email: 'a@b.c', password: 'p:w ä' })
  expect(basicCredentials(`Basic ${base64('a@b.c:')}`)).toEqual({ email: 'a@b.c', password: '' })
  expect(basicCredentials(`Basic ${base64('a@b.c:x\ny')}`)).toEqual({ email: 'a@b.c', password: 'x\ny' })
})

it('everything else lacks credentials', () => {
  for (const header of [
    undefined,
    '',
    'Basic',
    'Basic !!!',
    `Basic ${base64('no colon')}`,
    base64('a:b'),
    'Bearer x',
  ]) {
    expect(() => basicCredentials(header)).toThrow(expect.objectContaining({ code: 'CREDENTIALS_MISSING' }))
  }
})
