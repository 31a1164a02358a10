import type { Format } from '../../domain/format.ts'
import { presetOf } from '../../domain/preset.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import type { AudioTrack, Probe } from '../probe.ts'

/** A copy is a little larger than rate and length say: tables, headers, frames that begin before. */
const EXCESS = 1.03
const HEADERS = 8 * 1024

/** Is the track already what is wanted, so that its packets can go into the result as they are? */
export function isWanted({ track, duration }: Probe, wish: Wish, format: Format, free: number): boolean {
  const changes = wish.start ?? wish.end ?? wish.loudness
  return (
    track.codec === format.codec &&
    changes === undefined &&
    (wish.sampleRate ?? track.sampleRate) === track.sampleRate &&
    (wish.channels ?? track.channels) === track.channels &&
    (wish.bitrate === undefined || wish.bitrate === track.bitrate) &&
    wish.abr === undefined &&
    (wish.quality === undefined || wish.quality === 'best') &&
    (wish.size === undefined || fits(track, duration, free)) &&
    suits(track, wish, format)
  )
}

function fits(track: AudioTrack, duration: number | null, free: number): boolean {
  if (duration === null || track.bitrate === null) return false
  return ((track.bitrate * duration) / 8) * EXCESS + HEADERS <= free
}

/** What a preset wants is met by what has no more than it. */
function suits(track: AudioTrack, wish: Wish, format: Format): boolean {
  const preset = presetOf(wish.preset)
  if (!preset) return true
  const rate = preset.bitrate[format.name]
  const isSmall = rate === undefined || (track.bitrate !== null && track.bitrate <= rate)
  return isSmall && track.channels <= preset.channels
}
