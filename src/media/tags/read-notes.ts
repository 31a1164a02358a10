import { cleanTag, TAG_NAMES, type TagName } from '../../domain/tag-names.ts'
import type { About, Chapter } from './about.ts'
import { NAMES } from './names.ts'

/** Chapters of a result: a table of contents of ID3 counts them in one byte. */
const MOST_CHAPTERS = 255
const LONGEST_TITLE = 100

/**
 * Reads what the engine notes of a source, in its format `ffmetadata`. It is outside data all the same: known names
 * only, clean and short values; of two values for one name the first counts.
 */
export function readNotes(notes: Uint8Array): About {
  const [head = [], ...sections] = sectionsOf(new TextDecoder().decode(notes))
  const chapters = sections.flatMap((lines) => readChapter(lines) ?? []).sort((a, b) => a.start - b.start)
  return { tags: readTags(head), chapters }
}

type Line = readonly [key: string, value: string]

/** None but the first where there are too many chapters. `key=value` lines up to the first `[`, and of each `[CHAPTER]`. `\` stands before `= ; # \` and line ends. */
function sectionsOf(text: string): Line[][] {
  const sections: Line[][] = [[]]
  let isChapter = true
  for (const [line] of text.matchAll(/(?:\\[\s\S]|[^\\\n])+/g)) {
    if (line.startsWith('[')) {
      isChapter = line === '[CHAPTER]'
      if (isChapter && sections.push([]) > 1 + MOST_CHAPTERS) return sections.slice(0, 1)
    } else if (isChapter) {
      const [, key, value] = /^((?:\\[\s\S]|[^\\=])+)=([\s\S]*)$/.exec(line) ?? []
      if (key !== undefined && value !== undefined)
        sections.at(-1)?.push([plain(key).toLowerCase(), plain(value)])
    }
  }
  return sections
}

const plain = (text: string) => text.replace(/\\([\s\S])/g, '$1')

function readTags(lines: readonly Line[]): About['tags'] {
  const found = TAG_NAMES.map((name) => [name, cleanTag(find(lines, name) ?? '')] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== ''))
}

function find(lines: readonly Line[], name: TagName): string | undefined {
  for (const key of NAMES[name].keys) {
    const line = lines.find(([each]) => each === key)
    if (line) return line[1]
  }
  return undefined
}

function readChapter(lines: readonly Line[]): Chapter | undefined {
  const value = (key: string) => lines.find(([each]) => each === key)?.[1] ?? ''
  const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(value('timebase')) ?? []
  const unit = Number(numerator) / Number(denominator)
  const [start, end] = [Number(value('start')) * unit, Number(value('end')) * unit]
  const isSpan = start >= 0 && end > start && Number.isFinite(end)
  return isSpan
    ? { start, end, title: cleanTag(value('title')).slice(0, LONGEST_TITLE).toWellFormed() }
    : undefined
}
