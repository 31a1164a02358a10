import { HEADER_BYTES, readFrameHeader } from './frame-header.ts'
import { mainDataBegin, mainDataBytes } from './side-info.ts'

/** A frame taken apart: its main data no longer lies in the frames before it. */
export interface Frame {
  /** The header's 32 bits. */
  readonly word: number
  readonly side: Uint8Array
  readonly data: Uint8Array
}

/**
 * Takes the frames of one encoder's whole output apart. Walks by frame sizes: a sync word may occur inside main data.
 * Fails when the chain is broken: something between frames, or main data that lies outside what is there.
 */
export function unpack(stream: Uint8Array): Frame[] {
  const frames: Frame[] = []
  const main = new Uint8Array(stream.length)
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length)
  let areaStart = 0
  let dataEnd = 0
  for (let at = 0; at < stream.length; ) {
    const word = stream.length - at < HEADER_BYTES ? 0 : view.getUint32(at)
    const header = readFrameHeader(word)
    if (!header || at + header.size > stream.length)
      throw new Error(`the chain is broken after ${frames.length} frames`)
    const sideStart = at + HEADER_BYTES + header.crcBytes
    const side = stream.subarray(sideStart, sideStart + header.sideBytes)
    const area = stream.subarray(sideStart + header.sideBytes, at + header.size)
    main.set(area, areaStart)
    const start = areaStart - mainDataBegin(side, header)
    const end = start + mainDataBytes(side, header)
    areaStart += area.length
    if (start < dataEnd || end > areaStart)
      throw new Error(`main data of frame ${frames.length} lies outside its room`)
    frames.push({ word, side, data: main.subarray(start, end) })
    dataEnd = end
    at += header.size
  }
  return frames
}
