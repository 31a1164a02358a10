import type { ByteSource } from '../source/byte-source.ts'

/** Bytes read at either end; an Ogg page has at most 65,307. */
const EDGE = 66 * 1024
const ASF_FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex')
const ASF_SIZE_OFFSET = 40
const OGG_END_OF_STREAM = 4
/** Bytes before the lengths of a page's segments; the last of them says how many there are (RFC 3533, 6). */
const OGG_HEADER = 27
const TS_SYNC = 0x47
/** MPEG-TS packets, plain, with a time code (M2TS), with error correction. */
const TS_PACKETS = [188, 192, 204]

/**
 * Does the source end before its own container says? Answers for the containers whose cut the engine passes over
 * in silence; the others state a duration, or make the engine complain.
 */
export async function endsEarly(source: ByteSource, container: string): Promise<boolean> {
  switch (container) {
    case 'avi':
    case 'wav':
      return riffEndsEarly(await head(source), source.size)
    case 'asf':
      return asfEndsEarly(await head(source), source.size)
    case 'ogg':
      return oggEndsEarly(await tail(source))
    case 'mpegts':
      return tsEndsEarly(await head(source), source.size)
    default:
      return false
  }
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
const head = async (source: ByteSource) => asBuffer(await source.read(0, Math.min(EDGE, source.size)))
const tail = async (source: ByteSource) => {
  const length = Math.min(EDGE, source.size)
  return asBuffer(await source.read(source.size - length, length))
}

function riffEndsEarly(bytes: Buffer, size: number): boolean {
  if (bytes.length < 8 || bytes.toString('latin1', 0, 4) !== 'RIFF') return false
  const told = bytes.readUInt32LE(4)
  // A program that wrote to a pipe could not go back to fill the size in.
  return told !== 0xffffffff && told + 8 > size
}

function asfEndsEarly(bytes: Buffer, size: number): boolean {
  const at = bytes.indexOf(ASF_FILE_PROPERTIES)
  return (
    at >= 0 &&
    at + ASF_SIZE_OFFSET + 8 <= bytes.length &&
    bytes.readBigUInt64LE(at + ASF_SIZE_OFFSET) > BigInt(size)
  )
}

function oggEndsEarly(bytes: Buffer): boolean {
  const page = bytes.lastIndexOf('OggS', undefined, 'latin1')
  if (page < 0 || ((bytes[page + 5] ?? 0) & OGG_END_OF_STREAM) === 0) return true
  const lengths = bytes.subarray(page + OGG_HEADER, page + OGG_HEADER + (bytes[page + OGG_HEADER - 1] ?? 0))
  return page + OGG_HEADER + lengths.reduce((sum, length) => sum + length, lengths.length) > bytes.length
}

/** Half a packet at the end. */
function tsEndsEarly(bytes: Buffer, size: number): boolean {
  const first = bytes.indexOf(TS_SYNC)
  const packet = TS_PACKETS.find((length) =>
    [1, 2, 3].every((turn) => bytes[first + turn * length] === TS_SYNC),
  )
  return packet !== undefined && size % packet !== 0
}
