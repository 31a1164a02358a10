import { formatOf } from '../domain/format.ts'
import { likelySize } from '../domain/result-size.ts'
import type { Wish } from '../domain/wish/wish.ts'
import { chooseTrack } from './choose-track.ts'
import { findCover } from './cover/find-cover.ts'
import { type Picture, type PictureFacts, pictureFacts } from './cover/picture.ts'
import { startEngine } from './ffmpeg/engine.ts'
import { wantedSeconds } from './plan/fit.ts'
import { makePlan, type Plan } from './plan/plan.ts'
import { type Description, describeTrack, type Probe, probe } from './probe.ts'
import type { ByteSource } from './source/byte-source.ts'
import { type PlannedSource, planReads } from './source/planned-source.ts'
import { aboutResult } from './tags/about.ts'
import { tagBytes, writeTags } from './tags/write-tags.ts'
import { type Threads, withThreads } from './threads.ts'

/** What a conversion would find and do. */
export interface Preview {
  readonly probed: Probe
  readonly plan: Plan
  /** The picture that the result would bear. */
  readonly cover: PictureFacts | null
  /** Bytes of the result, likely; null where the source does not tell how long it is, or a copy how dense. */
  readonly size: number | null
}

/**
 * Looks at a source and decides as `convert` would, without decoding its sound; fails as that would. `cover`: a picture
 * that the result is to bear.
 */
export const preview = (source: ByteSource, wish: Wish, cover?: Picture): Promise<Preview> =>
  withThreads(async (threads) => look({ source: await planReads(source), threads, cover }, wish))

/** What a source says of itself, its tracks of sound above all; fails as a conversion would. */
export const listTracks = (source: ByteSource): Promise<Description> =>
  withThreads(async (threads) => {
    const planned = await planReads(source)
    return probe(await open(planned, threads), planned)
  })

const open = async (source: PlannedSource, threads: Threads) => threads.add(await startEngine({ source }))

async function look(work: Parameters<typeof findCover>[0], wish: Wish): Promise<Preview> {
  const engine = await open(work.source, work.threads)
  const probed = await describeTrack(engine, chooseTrack(await probe(engine, work.source), wish.track))
  const cover = await findCover(work, engine, probed, wish)
  const tagging = writeTags(aboutResult(probed.about, wish), wish.format, cover)
  const plan = makePlan(probed, wish, { mayCopy: true, gain: null, tagging })
  const sound = soundBytes(probed, plan, wish)
  return {
    probed,
    plan,
    cover: cover && pictureFacts(cover),
    size: sound === null ? null : sound + tagBytes(tagging),
  }
}

function soundBytes(probed: Probe, plan: Plan, wish: Wish): number | null {
  const seconds = wantedSeconds(probed, wish)
  if (seconds === null) return null
  if (plan.kind === 'encode')
    return likelySize({ ...plan, format: formatOf(wish.format), seconds, quality: wish.quality })
  return probed.track.bitrate === null ? null : Math.round((probed.track.bitrate * seconds) / 8)
}
