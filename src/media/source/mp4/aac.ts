import { type Box, boxAt, wordsOf } from './boxes.ts'
import { FULL } from './sample-table.ts'

/** `AAC` among the kinds of objects of MPEG-4 systems (ISO 14496-1, 7.2.6.6). */
const AAC = 0x40
/** Bytes from the first description of sound to its version, and to its boxes (ISO 14496-12, 12.2.3). */
const [TO_VERSION, TO_BOXES] = [16, 36]
/** More of them in version 1 of QuickTime, where the boxes lie in one of their own. */
const MORE = 16
/** Tags of descriptors of MPEG-4 systems (ISO 14496-1, 7.2.6): a stream, how it is decoded, what its decoder is told. */
const [STREAM, DECODING, SPECIFIC] = [0x03, 0x04, 0x05]
/** Bytes of how a stream is decoded, before what its decoder is told. */
const TO_SPECIFIC = 13

/** Is it described as AAC, and as nothing else? MP3 has the same name. */
export function isAac(bytes: Buffer, stbl: Box): boolean {
  return decodingOf(bytes, stbl) !== undefined
}

/** The kind of AAC: an audio object type (ISO 14496-3, 1.5.1), 31 for those beyond; undefined for other sound. */
export function aacObject(bytes: Buffer, stbl: Box): number | undefined {
  const decoding = decodingOf(bytes, stbl)
  const specific = decoding && descriptor(bytes, decoding + TO_SPECIFIC, SPECIFIC)
  return specific && (bytes[specific] ?? 0) >>> 3
}

/** Where the only description of sound tells how AAC is decoded (ISO 14496-1, 7.2.6.6). */
export function decodingOf(bytes: Buffer, stbl: Box): number | undefined {
  const descriptions = boxAt(bytes, stbl, 'stsd')
  if (!descriptions || wordsOf(bytes, descriptions)[1] !== 1) return undefined
  const at = descriptions.start + FULL + 4
  if (at + TO_BOXES > descriptions.end) return undefined
  const isMore = bytes.readUInt16BE(at + TO_VERSION) === 1
  const inside = { start: at + TO_BOXES + (isMore ? MORE : 0), end: descriptions.end }
  const esds = boxAt(bytes, inside, 'esds') ?? boxAt(bytes, inside, 'wave', 'esds')
  if (!esds) return undefined
  const stream = descriptor(bytes, esds.start + FULL, STREAM)
  // An id and flags stand before the next; flags tell of fields that files do not have.
  const decoding = stream && descriptor(bytes, stream + 3, DECODING)
  return decoding !== undefined && bytes[decoding] === AAC ? decoding : undefined
}

/** Where the descriptor of this tag at `at` has its fields: its length has 7 bits a byte, the last one below 128. */
function descriptor(bytes: Buffer, at: number, tag: number): number | undefined {
  if (bytes[at] !== tag) return undefined
  let place = at + 1
  while ((bytes[place] ?? 0) >= 0x80) place++
  return place + 1
}
