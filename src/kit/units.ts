const SIZE_UNITS = { '': 1, B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const
const TIME_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const lookUp = <T extends object>(table: T, key: string): T[keyof T] | undefined =>
  Object.entries(table).find(([unit]) => unit === key)?.[1]

/** `50MB` → 52428800 bytes (units are powers of 1024); undefined when malformed. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?B|)$/i.exec(text.trim()) ?? []
  const factor = lookUp(SIZE_UNITS, unit.toUpperCase())
  return digits && factor ? Math.round(Number(digits) * factor) : undefined
}

/** `90s` → 90000 milliseconds; undefined when malformed. A bare number counts as seconds. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/i.exec(text.trim()) ?? []
  const factor = lookUp(TIME_UNITS, (unit || 's').toLowerCase())
  return digits && factor ? Math.round(Number(digits) * factor) : undefined
}

/** Bytes for people: `1.2 MB`, powers of 1024. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : Number(value.toPrecision(3))} ${units[power]}`
}

/** Seconds for people: `1:11`, `2:03:04`. */
export function formatClock(seconds: number): string {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, place) => (place === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':')
}
