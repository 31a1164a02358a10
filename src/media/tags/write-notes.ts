import { TAG_NAMES } from '../../domain/tag-names.ts'
import type { Picture } from '../cover/picture.ts'
import { pictureBlock } from '../cover/picture-block.ts'
import type { About } from './about.ts'
import { NAMES } from './names.ts'

const escaped = (text: string) => text.replace(/[=;#\\\n]/g, '\\$&')
const line = (key: string, value: string) => `${key}=${escaped(value)}\n`

/**
 * What the engine is to write into a container, in its format `ffmetadata`. Chapters in milliseconds. `cover`: for Ogg,
 * where it is a comment (wiki.xiph.org, VorbisComment).
 */
export function writeNotes({ tags, chapters }: About, cover: Picture | null = null): Uint8Array {
  const named = TAG_NAMES.map((name) => (tags[name] ? line(NAMES[name].keys[0], tags[name]) : ''))
  const parts = chapters.map(({ start, end, title }) => {
    const [from, to] = [Math.round(start * 1000), Math.round(end * 1000)]
    return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${from}\nEND=${to}\n${line('title', title)}`
  })
  const picture = cover ? [line('METADATA_BLOCK_PICTURE', pictureBlock(cover).toString('base64'))] : []
  return new TextEncoder().encode([';FFMETADATA1\n', ...named, ...picture, ...parts].join(''))
}
