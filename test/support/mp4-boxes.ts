/** Boxes of ISO 14496-12, for files that no muxer would write. */

export const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function box(type: string, ...contents: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    contents.map((each) => (typeof each === 'string' ? Buffer.from(each, 'latin1') : each)),
  )
  return Buffer.concat([word(body.length + 8), Buffer.from(type, 'latin1'), body])
}

/** A box with version and flags (0), and 32-bit fields. */
export const full = (type: string, ...fields: (number | Buffer)[]): Buffer =>
  box(type, ...[0, ...fields].map((each) => (typeof each === 'number' ? word(each) : each)))
