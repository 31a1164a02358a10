import { readJpegSize } from './jpeg-size.ts'

/** A picture that may stand in a result: whole files, as they are. */
export interface Picture {
  readonly type: 'image/jpeg' | 'image/png'
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** What is told of one. */
export type PictureFacts = Omit<Picture, 'bytes'> & { readonly bytes: number }

export const pictureFacts = ({ type, width, height, bytes }: Picture): PictureFacts => ({
  type,
  width,
  height,
  bytes: bytes.length,
})

/** Bytes and pixels a side: what programs put into files is far below, and players stand it. */
export const MAX_PICTURE = 5 * 1024 * 1024
export const MAX_SIDE = 4096

/** Reads what says that it is a picture: only a JPEG or PNG within the limits is one. */
export function readPicture(given: Uint8Array): Picture | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.length)
  if (bytes.length > MAX_PICTURE) return undefined
  const size = readPngSize(bytes) ?? readJpegSize(bytes)
  return size && isPossible(size.width) && isPossible(size.height) ? { ...size, bytes } : undefined
}

const isPossible = (side: number) => side >= 1 && side <= MAX_SIDE

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** Signature, and the header chunk that comes first (W3C PNG, 5.2 and 11.2.1). */
function readPngSize(bytes: Buffer): Omit<Picture, 'bytes'> | undefined {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG)) return undefined
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}
