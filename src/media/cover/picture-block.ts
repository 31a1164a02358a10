import type { Picture } from './picture.ts'

/** Cover (front), of the types ID3 and FLAC have in common. */
export const FRONT_COVER = 3

/** The picture block of FLAC (RFC 9639, 8.8), which Ogg carries as a comment in base64. */
export function pictureBlock({ type, width, height, bytes }: Picture): Buffer {
  const name = Buffer.from(type, 'latin1')
  const shape = [width, height, 24, 0]
  return Buffer.concat([...[words(FRONT_COVER, name.length), name, words(0, ...shape, bytes.length)], bytes])
}

function words(...values: readonly number[]): Buffer {
  const all = Buffer.alloc(values.length * 4)
  for (const [place, value] of values.entries()) all.writeUInt32BE(value, place * 4)
  return all
}
