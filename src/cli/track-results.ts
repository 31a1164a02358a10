import { basename, dirname, join, resolve } from 'node:path'
import { standingIn } from '../config.ts'
import { renamed } from '../domain/file.ts'
import { formatOf } from '../domain/format.ts'
import { parseTrack } from '../domain/wish/track.ts'
import type { Wish, WishInput } from '../domain/wish/wish.ts'
import { chooseTrack } from '../media/choose-track.ts'
import { listTracks } from '../media/preview.ts'
import type { AudioTrack } from '../media/probe.ts'
import { openFileSource } from '../media/source/file-source.ts'

/** The tracks of a file of which each gets a result. */
export type Tracks = 'all' | readonly (number | string)[]

/** One of the results that a file gives. */
export interface Result {
  readonly output: string
  readonly wish: Wish
}

/** What `--track` names: a single one belongs to the wish; several are kept apart, and so is `all`. */
export function takeTracks({ track, ...wish }: WishInput): { wish: WishInput; tracks?: Tracks } {
  const named = String(track ?? '').split(',')
  if (named.includes('all')) return { wish, tracks: 'all' }
  return named.length > 1 ? { wish, tracks: named.map(parseTrack) } : { wish: { ...wish, track } }
}

/**
 * `talk.mp3` becomes `talk.1.eng.mp3` and `talk.2.mp3`, by number and language of each track. WISH_UNMET lists the tracks
 * of the file where one of them is missing.
 */
export async function resultPerTrack(
  input: string,
  { output, wish }: Result,
  tracks: Tracks,
): Promise<Result[]> {
  const source = await openFileSource(resolve(standingIn(), input))
  const found = await listTracks(source).finally(() => source.close())
  const chosen = tracks === 'all' ? found.tracks : tracks.map((wanted) => chooseTrack(found, wanted).track)
  return [...new Set(chosen)].map((track) => ({
    output: join(dirname(output), renamed(basename(output), suffix(track, wish))),
    wish: { ...wish, track: track.number },
  }))
}

const suffix = ({ number, language }: AudioTrack, wish: Wish) =>
  [number, ...(language === null ? [] : [language]), formatOf(wish.format).extension].join('.')
