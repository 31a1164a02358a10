import { parseWish } from '../../domain/wish/wish.ts'
import { convert } from '../../media/convert.ts'
import type { ByteSource } from '../../media/source/byte-source.ts'
import type { Sink } from '../../media/source/sink.ts'
import type { Examine } from '../../ports/examination.ts'

const LIMITS = { maxDuration: 60_000, maxOutput: 1024 ** 2, jobTimeout: 60_000, stallTimeout: 30_000 }
const RATE = 44_100
/** Each is made by another build of LAME. */
const WISHES = { 'constant bitrate': { bitrate: '128k' }, 'variable bitrate': { quality: 'V2' } } as const

/** Converts a second of sound in earnest, once by each build of the MP3 encoder; results are checked as always. */
export const examineEngine: Examine<void> = async (_, found) => {
  const source = secondOfSound()
  for (const [name, wish] of Object.entries(WISHES)) {
    const asked = parseWish({ format: 'mp3', ...wish })
    const made = () => convert(source, asked, NOWHERE, { limits: LIMITS, mayCopy: true })
    const { engine, result } = await found.ask(made)
    if (found.facts.length === 0) found.fact(`${engine.name} ${engine.version}, LAME 3.100`)
    if (Math.abs(result.duration - 1) < 0.05) found.fact(`an MP3 of ${name} made`)
    else
      found.fail(`a second came out as ${result.duration} s`, 'Install it anew: `npm ci --ignore-scripts`.')
  }
}

const NOWHERE: Sink = { write: async () => {}, patch: async () => {} }

/** A WAV: 440 Hz, 16 bits, mono. */
function secondOfSound(): ByteSource {
  const samples = Buffer.alloc(RATE * 2)
  for (let at = 0; at < RATE; at++) {
    samples.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * 440 * at) / RATE)), at * 2)
  }
  const bytes = Buffer.concat([header(samples.length), samples])
  return {
    size: bytes.length,
    gap: 0,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => {},
  }
}

/** Of PCM in a RIFF file, http://soundfile.sapp.org/doc/WaveFormat. */
function header(length: number): Buffer {
  const bytes = Buffer.alloc(44)
  bytes.write('RIFF____WAVEfmt ', 'latin1')
  bytes.writeUInt32LE(length + 36, 4)
  bytes.writeUInt32LE(16, 16) // bytes of this chunk
  bytes.writeUInt16LE(1, 20) // PCM
  bytes.writeUInt16LE(1, 22) // channels
  bytes.writeUInt32LE(RATE, 24)
  bytes.writeUInt32LE(RATE * 2, 28) // bytes a second
  bytes.writeUInt16LE(2, 32) // bytes of a frame
  bytes.writeUInt16LE(16, 34) // bits of a sample
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(length, 40)
  return bytes
}
