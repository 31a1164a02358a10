import { ffmpeg } from './ffmpeg.ts'

/** The cover of a result, as a program that knows nothing of us finds it; null without one. Any other picture fails. */
export async function coverOf(bytes: Uint8Array): Promise<Buffer | null> {
  const args = ['-i', 'in', '-map', '0:v', '-c', 'copy', '-f', 'image2pipe', 'out']
  const { bytes: found, log } = await ffmpeg(args, { in: bytes }, 'out')
  const others = log.filter((line) => /Stream #0:\d.*Video/.test(line) && !line.includes('(attached pic)'))
  if (others.length > 0) throw new Error(`a picture that is no cover: ${others.join('\n')}`)
  return found && Buffer.from(found)
}
