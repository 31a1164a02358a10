import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testVideo } from '../../test/support/test-video.ts'
import { MB } from '../measure.ts'
import { ffmpeg } from './rival.ts'

/** A folder for the sources and results of a bench, which is removed behind it. */
export async function inFolder<T>(deed: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-bench-'))
  return deed(folder).finally(() => rm(folder, { recursive: true }))
}

/** The test video again and again for so many seconds, with AAC of 128 kbit/s in an MP4. */
export async function longVideo(folder: string, seconds: number): Promise<string> {
  const path = join(folder, `video-${seconds}.mp4`)
  const sound = ['-c:a', 'aac', '-b:a', '128k']
  const again = ['-stream_loop', '-1', '-i', await testVideo(), '-t', `${seconds}`]
  await ffmpeg(...again, '-c:v', 'copy', ...sound, path)
  return path
}

/** Twenty minutes with MP3 in it, filled up with picture to 600 MB. */
export async function largeVideo(folder: string, extension: 'mp4' | 'mkv'): Promise<string> {
  const seconds = 1200
  const path = join(folder, `large.${extension}`)
  const picture = join(folder, 'picture.mkv')
  const noise = 'nullsrc=s=320x240:r=10,geq=random(1)*255:128:128'
  await ffmpeg('-f', 'lavfi', '-t', '10', '-i', noise, '-c:v', 'mjpeg', '-q:v', '3', picture)
  const times = Math.ceil((600 * MB) / (await stat(picture)).size)
  const repeated = ['-stream_loop', `${times}`, '-i', picture]
  const sound = ['-stream_loop', '-1', '-i', await testVideo()]
  const mapped = ['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'libmp3lame', '-b:a', '192k']
  await ffmpeg(...repeated, ...sound, ...mapped, '-t', `${seconds}`, path)
  return path
}
