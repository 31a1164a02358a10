/** True when a version such as `10.6.3-log` is older than one of which the first two numbers are given. */
export function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return ownMajor < major || (ownMajor === major && ownMinor < minor)
}
