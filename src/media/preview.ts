import { formatOf } from '../domain/format.ts'
import { likelySize } from '../domain/result-size.ts'
import type { Wish } from '../domain/wish/wish.ts'
import { chooseTrack } from './choose-track.ts'
import { type Engine, startEngine } from './ffmpeg/engine.ts'
import { wantedSeconds } from './plan/fit.ts'
import { makePlan, type Plan } from './plan/plan.ts'
import { describeTrack, type Probe, probe } from './probe.ts'
import type { ByteSource } from './source/byte-source.ts'
import { planReads } from './source/planned-source.ts'
import { UNTAGGED } from './tags/write-tags.ts'

/** What a conversion would find and do. */
export interface Preview {
  readonly probed: Probe
  readonly plan: Plan
  /** Bytes of the result, likely; null where the source does not tell how long it is, or a copy how dense. */
  readonly size: number | null
}

/** Looks at a source and decides as `convert` would, without decoding it; fails as that would. */
export async function preview(source: ByteSource, wish: Wish): Promise<Preview> {
  const planned = await planReads(source)
  const engine = await startEngine({ source: planned })
  return look(engine, wish).finally(() => engine.terminate())
}

async function look(engine: Engine, wish: Wish): Promise<Preview> {
  const probed = await describeTrack(engine, chooseTrack(await probe(engine), wish.track))
  const plan = makePlan(probed, wish, { mayCopy: true, gain: null, tagging: UNTAGGED })
  return { probed, plan, size: sizeOf(probed, plan, wish) }
}

function sizeOf(probed: Probe, plan: Plan, wish: Wish): number | null {
  const seconds = wantedSeconds(probed, wish)
  if (seconds === null) return null
  if (plan.kind === 'encode')
    return likelySize({ ...plan, format: formatOf(wish.format), seconds, quality: wish.quality })
  return probed.track.bitrate === null ? null : Math.round((probed.track.bitrate * seconds) / 8)
}
