/** Eight times full scale: no honest sound is louder, and encoders stand it. */
const LOUDEST = 8

/** Makes 32-bit floats safe for an encoder, in place: damaged AAC decodes to NaN and beyond, and LAME gives up on those. */
export function tame(bytes: Uint8Array): Uint8Array {
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const samples = new Float32Array(own.buffer, own.byteOffset, own.length >> 2)
  for (let place = 0; place < samples.length; place++) {
    const sample = samples[place] as number
    if (!(Math.abs(sample) <= LOUDEST)) samples[place] = sample > 0 ? LOUDEST : sample < 0 ? -LOUDEST : 0
  }
  return own
}
