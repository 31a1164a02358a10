import { AppError, toAppError } from '../../domain/errors.ts'
import { formatClock } from '../../kit/units.ts'
import { type Run, startEngine } from '../ffmpeg/engine.ts'
import { PICTURE, SOURCE } from '../ffmpeg/protocol.ts'
import { FRAME_LIMITS, QUIET, VIDEO_DECODERS } from '../ffmpeg/whitelist.ts'
import type { PictureTrack, Probe } from '../probe.ts'
import type { PlannedSource } from '../source/planned-source.ts'
import type { Threads } from '../threads.ts'
import { type Picture, readPicture } from './picture.ts'

/** Pixels a side at most; what a player shows is smaller. */
const SIDE = 1280
/** Square pixels, within that. */
const SCALE = `scale=w='max(2,min(min(${SIDE},iw*sar),${SIDE}*dar))':h='max(2,min(${SIDE},ow/dar))',setsar=1,format=yuvj420p`
/** FFmpeg's scale of 2 to 31; well below what is seen, and some 100 KB. */
const QUALITY = 4

/** Seconds to begin before the frame: transport streams have no index, and a jump lands behind the frame all else rests on. */
const LEADS = [0, 10]

/**
 * The frame of the video that is shown at `at` (seconds), as a JPEG. WISH_UNMET where there is none. Video decoders are
 * opened in a thread of their own, which ends with it: one that breaks takes nothing along.
 */
export async function takeFrame(
  { source, threads }: { readonly source: PlannedSource; readonly threads: Threads },
  { pictures }: Probe,
  at: number,
): Promise<Picture> {
  const { index } = chooseVideo(pictures)
  const engine = threads.add(await startEngine({ source: source.withPictures }))
  let run: Run | undefined
  try {
    for (const lead of LEADS) {
      run = await engine.run(frameArgs(index, at, Math.min(lead, at)))
      const picture = readPicture(run.picture)
      if (picture) return picture
    }
  } catch (error) {
    // A decoder that broke off has no frame; what the source failed with is told as it is.
    if (toAppError(error).code !== 'ENGINE_FAILED') throw error
  } finally {
    await engine.terminate()
  }
  throw unmet(at, run)
}

const frameArgs = (index: number, at: number, lead: number): readonly string[] => [
  ...[...QUIET, ...FRAME_LIMITS, '-ss', `${at - lead}`, '-i', SOURCE, '-map', `0:${index}`, '-ss', `${lead}`],
  ...['-frames:v', '1', '-vf', SCALE, '-c:v', 'mjpeg', '-q:v', `${QUALITY}`, '-flags:v', '+bitexact'],
  ...['-f', 'image2pipe', PICTURE],
]

function chooseVideo(pictures: readonly PictureTrack[]): PictureTrack {
  const videos = pictures.filter(({ isAttached }) => !isAttached)
  const known = videos.find(({ codec }) => VIDEO_DECODERS.some((each) => each === codec))
  if (known) return known
  const first = videos[0]
  throw new AppError(
    'WISH_UNMET',
    first
      ? `No cover can be taken from video in ${first.codec}, only from ${VIDEO_DECODERS.join(', ')}.`
      : 'The file has no video to take a cover from.',
  )
}

const unmet = (at: number, run: Run | undefined) =>
  new AppError(
    'WISH_UNMET',
    `No frame of the video could be read at ${formatClock(at)}. Ask for an earlier one, or for no cover.`,
    { cause: run?.log.slice(-5).join('\n') },
  )
