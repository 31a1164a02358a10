/** What a Range header (RFC 9110, 14.2) asks of a file of `size` bytes. Several ranges, or none we understand: the whole. */
export type Range =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly offset: number; readonly length: number }
  | { readonly kind: 'outside' }

const WHOLE: Range = { kind: 'whole' }
const OUTSIDE: Range = { kind: 'outside' }

/** Reads a Range header. */
export function parseRange(header: string | undefined, size: number): Range {
  const [match, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? []
  if (match === undefined || (first === '' && last === '')) return WHOLE
  if (first === '') return lastBytes(Number(last), size)
  const offset = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < offset) return WHOLE
  return offset < size ? { kind: 'part', offset, length: end - offset + 1 } : OUTSIDE
}

function lastBytes(count: number, size: number): Range {
  if (count === 0 || size === 0) return OUTSIDE
  const length = Math.min(count, size)
  return { kind: 'part', offset: size - length, length }
}
