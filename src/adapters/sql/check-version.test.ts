import { expect, it } from 'vitest'
import { checkVersion } from './check-version.ts'

it.each([
  'PostgreSQL 13.0 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 7.3.1, 64-bit',
  'PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu, 64-bit',
  'PostgreSQL 19beta1 on x86_64-pc-linux-musl, 64-bit',
  '10.6.4-MariaDB',
  '5.5.5-10.11.19-MariaDB-0+deb12u1',
  '11.4.2-MariaDB-log',
  '8.0.11',
  '8.0.35-0ubuntu0.22.04.1',
  '9.1.0',
  'CockroachDB CCL v23.1.0',
])('takes %s', (says) => expect(() => checkVersion('users', says)).not.toThrow())

it.each([
  ['PostgreSQL 12.22 on x86_64-pc-linux-gnu, 64-bit', 'PostgreSQL 12.22', 'PostgreSQL 13.0 or newer'],
  ['PostgreSQL 9.6.24, compiled by Visual C++', 'PostgreSQL 9.6.24', 'PostgreSQL 13.0 or newer'],
  ['10.5.29-MariaDB-log', 'MariaDB 10.5.29', 'MariaDB 10.6 or newer'],
  ['5.5.5-10.3.39-MariaDB', 'MariaDB 10.3.39', 'MariaDB 10.6 or newer'],
  ['5.7.44-log', 'MySQL 5.7.44', 'MySQL 8.0 or newer'],
])('refuses %s and says what is needed', (says, is, needed) => {
  const refused = expect.objectContaining({
    code: 'CONFIG_INVALID',
    message: `The database of library is ${is}; Soundlift needs ${needed}.`,
  })
  expect(() => checkVersion('library', says)).toThrow(refused)
})
