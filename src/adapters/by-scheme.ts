import { AppError } from '../domain/errors.ts'

/** The entry of a table of drivers for a URL; CONFIG_INVALID names the variable and the schemes there are. */
export function byScheme<Open>(drivers: Readonly<Record<string, Open>>, variable: string, url: string): Open {
  const scheme = url.slice(0, url.indexOf(':') + 1)
  const open = Object.hasOwn(drivers, scheme) ? drivers[scheme] : undefined
  if (open) return open
  const known = Object.keys(drivers).join(', ')
  throw new AppError('CONFIG_INVALID', `${variable}: unknown scheme '${scheme}', known are ${known}`)
}
