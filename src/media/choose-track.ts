import { AppError } from '../domain/errors.ts'
import { sameLanguage } from '../domain/wish/track.ts'
import type { AudioTrack, Description, Probe } from './probe.ts'

/**
 * The track that is asked for, by its number among the tracks of sound or by its language; without a wish the one
 * marked as default, else the first. WISH_UNMET lists the tracks there are.
 */
export function chooseTrack(source: Description, wanted: number | string | undefined): Probe {
  const track = find(source.tracks, wanted)
  if (!track) throw new AppError('WISH_UNMET', missing(source.tracks, wanted))
  return { ...source, duration: track.duration ?? source.duration, track }
}

function find(tracks: readonly AudioTrack[], wanted: number | string | undefined): AudioTrack | undefined {
  if (typeof wanted === 'number') return tracks.find(({ number }) => number === wanted)
  const known =
    wanted === undefined
      ? tracks
      : tracks.filter(({ language }) => language && sameLanguage(language, wanted))
  return known.find(({ isDefault }) => isDefault) ?? known[0]
}

/** Tracks that are listed: a file may have a thousand. */
const LISTED = 20

function missing(tracks: readonly AudioTrack[], wanted: number | string | undefined): string {
  const listed = tracks.slice(0, LISTED).map(nameTrack).join('; ')
  const more = tracks.length > LISTED ? `; and ${tracks.length - LISTED} more` : ''
  return `There is no track of sound '${wanted}' in this file. It has ${listed}${more}.`
}

/** `2 (ger, ac3, 5 channels)` */
export const nameTrack = ({ number, language, codec, channels }: AudioTrack) =>
  `${number} (${language ?? 'language unknown'}, ${codec}, ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`})`
