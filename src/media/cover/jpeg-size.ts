const MARKER = 0xff
const START = 0xffd8
const START_OF_SCAN = 0xda
/** Tables and the extension among the markers of frames (ITU-T T.81, table B.1). */
const NO_FRAME = [0xc4, 0xc8, 0xcc]

/** Walks the segments up to the frame header (ITU-T T.81, B.2.2); undefined for what is no JPEG. */
export function readJpegSize(bytes: Buffer) {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== START) return undefined
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes.readUInt8(at) !== MARKER) return undefined
    const marker = bytes.readUInt8(at + 1)
    if (marker === MARKER) {
      at += 1 // bytes may be filled up before a marker
      continue
    }
    if (marker === START_OF_SCAN) return undefined
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)]
      return { type: 'image/jpeg', width, height } as const
    }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}
