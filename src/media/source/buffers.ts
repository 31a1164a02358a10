/** Gives memory back now: an index may have 100 MB, and the collector comes late to a thread that does little. */
export function letGo(bytes: Uint8Array): void {
  if (fillsBuffer(bytes)) bytes.buffer.transfer(0)
}

/** Room for so many bytes: `spare`, which nobody needs any more, where it is as long. New memory costs more than reading into it. */
export function roomFor(length: number, spare?: ArrayBuffer): Uint8Array<ArrayBuffer> {
  if (spare?.byteLength === length) return new Uint8Array(spare)
  spare?.transfer(0)
  return new Uint8Array(length)
}

/** The same bytes, or a copy where something else lies in their buffer. */
export const own = (bytes: Uint8Array) => (fillsBuffer(bytes) ? bytes : new Uint8Array(bytes))

const fillsBuffer = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.byteLength
