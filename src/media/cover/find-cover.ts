import type { FormatName } from '../../domain/format.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import type { Engine } from '../ffmpeg/engine.ts'
import { PICTURE } from '../ffmpeg/protocol.ts'
import { QUIET } from '../ffmpeg/whitelist.ts'
import { OPEN_SOURCE, type Probe } from '../probe.ts'
import type { PlannedSource } from '../source/planned-source.ts'
import type { Threads } from '../threads.ts'
import { MAX_PICTURE, type Picture, readPicture } from './picture.ts'
import { takeFrame } from './take-frame.ts'

/** In front of an MP3 it stands before what is filled in at the end, see PATCHABLE_HEAD; WAV has no place for one. */
const MOST: Readonly<Partial<Record<FormatName, number>>> = { mp3: 1_500_000, wav: 0 }

/** Of a result that is to have a size, a cover that nobody asked for takes no more than this. */
const SHARE = 0.1

/** Where a cover is looked for. */
interface Work {
  readonly source: PlannedSource
  readonly threads: Threads
}

/**
 * The picture that the result is to bear; null for none. A source's own that is no good is left out; a frame that can
 * not be taken is WISH_UNMET.
 */
export async function findCover(
  work: Work,
  engine: Engine,
  probed: Probe,
  wish: Wish,
): Promise<Picture | null> {
  const asked = wish.cover ?? (wish.metadata === 'drop' ? 'drop' : 'keep')
  if (asked === 'drop') return null
  if (typeof asked === 'number') return takeFrame(work, probed, asked)
  const share =
    wish.cover !== undefined || wish.size === undefined ? Number.POSITIVE_INFINITY : wish.size * SHARE
  const most = Math.min(MOST[wish.format] ?? MAX_PICTURE, share)
  const picture = most > 0 ? await readOwn(engine, probed) : undefined
  return picture && picture.bytes.length <= most ? picture : null
}

/** The first cover of the source that is a JPEG or PNG, packet by packet: no decoder is opened for it. */
async function readOwn(engine: Engine, { pictures }: Probe): Promise<Picture | undefined> {
  const own = pictures.find(({ isAttached, codec }) => isAttached && ['mjpeg', 'png'].includes(codec))
  if (!own) return undefined
  const one = ['-map', `0:${own.index}`, '-c', 'copy', '-frames:v', '1', '-f', 'image2pipe', PICTURE]
  const { picture } = await engine.run([...QUIET, ...OPEN_SOURCE, ...one])
  return readPicture(picture)
}
