import { TAG_NAMES, type Tags } from '../../domain/tag-names.ts'
import type { Wish } from '../../domain/wish/wish.ts'

/** What a sound says of itself. */
export interface About {
  readonly tags: Tags
  /** In order. */
  readonly chapters: readonly Chapter[]
}

export interface Chapter {
  /** Seconds. */
  readonly start: number
  readonly end: number
  readonly title: string
}

export const NOTHING: About = { tags: {}, chapters: [] }

/** What the result says of itself: of the source what is kept, and what the wish sets in its place. */
export function aboutResult(source: About, wish: Wish): About {
  const kept = wish.metadata === 'drop' ? NOTHING : source
  const set = TAG_NAMES.flatMap((name) => (wish[name] === undefined ? [] : [[name, wish[name]]]))
  return { tags: { ...kept.tags, ...Object.fromEntries(set) }, chapters: partOf(kept.chapters, wish) }
}

/** Chapters of a part of the sound begin where it begins. */
function partOf(
  chapters: readonly Chapter[],
  { start = 0, end = Number.POSITIVE_INFINITY }: Wish,
): Chapter[] {
  return chapters.flatMap((chapter) => {
    const from = Math.max(chapter.start, start)
    const to = Math.min(chapter.end, end)
    return from < to ? [{ ...chapter, start: from - start, end: to - start }] : []
  })
}
