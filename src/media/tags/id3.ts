import { TAG_NAMES } from '../../domain/tag-names.ts'
import type { Picture } from '../cover/picture.ts'
import { FRONT_COVER } from '../cover/picture-block.ts'
import type { About, Chapter } from './about.ts'
import { NAMES } from './names.ts'

const UTF8 = 3
/** Offsets of a chapter that are not told: its times are (ID3v2 chapter frames 1.0, 3.1). */
const UNTOLD = 0xffffffff
const TOP_AND_ORDERED = 3

/** The ID3v2.4 tag that stands before an MP3; empty when there is nothing to say. */
export function writeId3({ tags, chapters }: About, cover: Picture | null = null): Uint8Array {
  const texts = TAG_NAMES.flatMap((name) => {
    const value = tags[name]
    return value ? [name === 'comment' ? comment(value) : text(NAMES[name].frame, value)] : []
  })
  const frames = Buffer.concat([...texts, ...(cover ? [picture(cover)] : []), ...contents(chapters)])
  if (frames.length === 0) return new Uint8Array()
  return Buffer.concat([Buffer.from('ID3\u0004\u0000\u0000', 'latin1'), synchsafe(frames.length), frames])
}

/** 28 bits, seven to a byte (6.2). */
function synchsafe(value: number): Buffer {
  return Buffer.from([21, 14, 7, 0].map((shift) => (value >>> shift) & 0x7f))
}

const frame = (id: string, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(id, 'latin1'), synchsafe(body.length), Buffer.alloc(2), body])
}

const text = (id: string, value: string) => frame(id, Buffer.from([UTF8]), Buffer.from(value))

/** Language unknown, no short description (4.10). */
const comment = (value: string) =>
  frame('COMM', Buffer.from([UTF8]), Buffer.from('XXX\u0000', 'latin1'), Buffer.from(value))

/** No description (4.14). */
const picture = ({ type, bytes }: Picture) =>
  frame('APIC', Buffer.from(`\u0000${type}\u0000`, 'latin1'), Buffer.from([FRONT_COVER, 0]), bytes)

const nameOf = (place: number) => Buffer.from(`ch${place}\u0000`, 'latin1')

/** A table of contents and a frame for each chapter. */
function contents(chapters: readonly Chapter[]): Buffer[] {
  if (chapters.length === 0) return []
  const head = Buffer.from([TOP_AND_ORDERED, chapters.length])
  const table = frame(
    'CTOC',
    Buffer.from('toc\u0000', 'latin1'),
    head,
    ...chapters.map((_, place) => nameOf(place)),
  )
  return [table, ...chapters.map(chapterFrame)]
}

function chapterFrame({ start, end, title }: Chapter, place: number): Buffer {
  const times = Buffer.alloc(16)
  times.writeUInt32BE(milliseconds(start), 0)
  times.writeUInt32BE(milliseconds(end), 4)
  times.writeUInt32BE(UNTOLD, 8)
  times.writeUInt32BE(UNTOLD, 12)
  return frame('CHAP', nameOf(place), times, text('TIT2', title))
}

const milliseconds = (seconds: number) => Math.min(UNTOLD - 1, Math.round(seconds * 1000))
