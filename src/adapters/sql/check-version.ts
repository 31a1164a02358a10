import { AppError } from '../../domain/errors.ts'
import { isOlder } from '../../kit/version.ts'

/** How servers tell their version, and the oldest that is supported: claims need `skip locked`. */
const SERVERS = [
  { name: 'PostgreSQL', says: /^PostgreSQL ([\d.]+)/, oldest: [13, 0] },
  { name: 'MariaDB', says: /^(?:5\.5\.5-)?([\d.]+).*MariaDB/, oldest: [10, 6] },
  { name: 'MySQL', says: /^([\d.]+)/, oldest: [8, 0] },
] as const

/** Refuses, with CONFIG_INVALID, a server that is too old by what it says to `select version()`; others may pass. */
export function checkVersion(room: string, says: string): void {
  const server = SERVERS.find((each) => each.says.test(says))
  const [, version] = server?.says.exec(says) ?? []
  if (!server || version === undefined || !isOlder(version, server.oldest)) return
  throw new AppError(
    'CONFIG_INVALID',
    `The database of ${room} is ${server.name} ${version}; Soundlift needs ${server.name} ${server.oldest.join('.')} or newer.`,
  )
}
