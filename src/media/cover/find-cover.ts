import { AppError } from '../../domain/errors.ts'
import type { FormatName } from '../../domain/format.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import { formatSize } from '../../kit/units.ts'
import type { Engine } from '../ffmpeg/engine.ts'
import { PICTURE } from '../ffmpeg/protocol.ts'
import { QUIET } from '../ffmpeg/whitelist.ts'
import { openToDecode, type Probe } from '../probe.ts'
import type { PlannedSource } from '../source/planned-source.ts'
import type { Threads } from '../threads.ts'
import { MAX_PICTURE, type Picture, readPicture } from './picture.ts'
import { takeFrame } from './take-frame.ts'

/** In front of an MP3 it stands before what is filled in at the end, see PATCHABLE_HEAD; WAV has no place for one. */
const MOST: Readonly<Partial<Record<FormatName, number>>> = { mp3: 1.5 * 1024 ** 2, wav: 0 }

/** Of a result that is to have a size, a cover that nobody asked for takes no more than this. */
const SHARE = 0.1

/** Where a cover is looked for. */
interface Work {
  /** A picture that was given. */
  readonly cover: Picture | undefined
  readonly source: PlannedSource
  readonly threads: Threads
}

/**
 * The picture that the result is to bear; null for none. A source's own that is no good is left out; what was
 * asked for and can not be done is WISH_UNMET.
 */
export async function findCover(
  work: Work,
  engine: Engine,
  probed: Probe,
  wish: Wish,
): Promise<Picture | null> {
  const most = MOST[wish.format] ?? MAX_PICTURE
  const picture =
    work.cover ?? (typeof wish.cover === 'number' ? await takeFrame(work, probed, wish.cover) : undefined)
  if (!picture) return keepOwn(engine, probed, wish, most)
  if (picture.bytes.length > most) throw tooLarge(picture, wish, most)
  return picture
}

const tooLarge = ({ bytes }: Picture, { format }: Wish, most: number) =>
  new AppError(
    'WISH_UNMET',
    most === 0
      ? `${format} has no place for a cover, all other formats have.`
      : `The cover has ${formatSize(bytes.length)}, ${format} takes one of ${formatSize(most)}. Give a smaller one.`,
  )

async function keepOwn(engine: Engine, probed: Probe, wish: Wish, most: number): Promise<Picture | null> {
  const asked = wish.cover ?? (wish.metadata === 'drop' ? 'drop' : 'keep')
  if (asked === 'drop' || most === 0) return null
  const share = wish.cover !== undefined || wish.size === undefined ? most : wish.size * SHARE
  const picture = await readOwn(engine, probed)
  return picture && picture.bytes.length <= Math.min(most, share) ? picture : null
}

/** The first cover of the source that is a JPEG or PNG, packet by packet: no decoder is opened for it. */
async function readOwn(engine: Engine, probed: Probe): Promise<Picture | undefined> {
  const own = probed.pictures.find(({ isAttached, codec }) => isAttached && ['mjpeg', 'png'].includes(codec))
  if (!own) return undefined
  const one = ['-map', `0:${own.index}`, '-c', 'copy', '-frames:v', '1', '-f', 'image2pipe', PICTURE]
  const { picture } = await engine.run([...QUIET, ...openToDecode(probed), ...one])
  return readPicture(picture)
}
