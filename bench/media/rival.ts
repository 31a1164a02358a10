import { present } from '../../test/support/announce-absent.ts'
import { run } from '../../test/support/program.ts'

/** Native, as Debian builds it; it makes the sources too. */
const RIVAL = 'ffmpeg'
export const rivalIsThere = () => present(RIVAL)

export async function ffmpeg(...args: readonly string[]): Promise<void> {
  const { code, err } = await run(RIVAL, ['-v', 'error', '-y', ...args])
  if (code !== 0) throw new Error(`${RIVAL}: ${err}`)
}

/** What a person would type instead. */
export const ffmpegToMp3 = (input: string, output: string, bitrate = '192k') =>
  ffmpeg('-i', input, '-vn', '-b:a', bitrate, output)
