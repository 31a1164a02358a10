import { ffmpeg } from './ffmpeg.ts'

/** What a file of sound really is, by decoding all of it. */
export interface Verdict {
  readonly container: string
  readonly codec: string
  readonly sampleRate: number
  readonly channels: number
  /** bit/s of the stream as declared; null when not told. */
  readonly bitrate: number | null
  /** Decoded samples, as seconds. */
  readonly seconds: number
  /** Loudest sample, 0 to 1: silence is 0. */
  readonly peak: number
}

/** Decodes the first track of sound; fails when there is none. */
export async function judge(bytes: Uint8Array): Promise<Verdict> {
  const { bytes: pcm, log } = await ffmpeg(
    ['-i', 'in', '-map', '0:a:0', '-f', 's16le', 'out'],
    { in: bytes },
    'out',
  )
  const text = log.join('\n')
  const [, container = ''] = /Input #0, ([^ ]+), from/.exec(text) ?? []
  const [, codec = '', rate, layout = ''] =
    /Stream #0:\d.*?: Audio: (\w+).*?, (\d+) Hz, (\w+)/.exec(text) ?? []
  if (!pcm || !rate) throw new Error(`not a sound that decodes:\n${text.slice(-1000)}`)
  const [, kilobits] = /Audio: .* (\d+) kb\/s/.exec(text) ?? []
  const channels = layout === 'mono' ? 1 : 2
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1)
  return {
    container,
    codec,
    sampleRate: Number(rate),
    channels,
    bitrate: kilobits ? Number(kilobits) * 1000 : null,
    seconds: samples.length / channels / Number(rate),
    peak: samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0) / 32_768,
  }
}

/**
 * A hash over the packets of the first track of sound, as they lie in the file: equal for a bit-exact copy.
 * `filter` is an FFmpeg bitstream filter, where two containers wrap the same packets differently.
 */
export async function packetHash(bytes: Uint8Array, filter = 'null'): Promise<string> {
  const args = ['-i', 'in', '-map', '0:a:0', '-c', 'copy', '-bsf:a', filter, '-f', 'md5', 'out']
  const { bytes: hash, log } = await ffmpeg(args, { in: bytes }, 'out')
  if (!hash) throw new Error(`no packets:\n${log.slice(-5).join('\n')}`)
  return Buffer.from(hash).toString().trim()
}

/** EBU R128 loudness (LUFS) and true peak (dBTP) of the first track of sound. */
export async function loudnessOf(bytes: Uint8Array): Promise<{ integrated: number; truePeak: number }> {
  const { log } = await ffmpeg(
    ['-i', 'in', '-map', '0:a:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'],
    { in: bytes },
  )
  const text = log.join('\n')
  const summary = text.slice(text.lastIndexOf('Summary:'))
  return {
    integrated: Number(/\bI:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1]),
    truePeak: Number(/\bPeak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1]),
  }
}

/** The samples of the first track of sound, 16 bits, all channels in turn. */
export async function samplesOf(bytes: Uint8Array): Promise<Int16Array> {
  const args = ['-i', 'in', '-map', '0:a:0', '-f', 's16le', 'out']
  const { bytes: pcm, log } = await ffmpeg(args, { in: bytes }, 'out')
  if (!pcm) throw new Error(`not a sound that decodes:\n${log.slice(-5).join('\n')}`)
  return new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1)
}
