import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TAG_NAMES } from '../../domain/tag-names.ts'
import { parseWish } from '../../domain/wish/wish.ts'
import { aboutResult } from './about.ts'
import { writeId3 } from './id3.ts'
import { readNotes } from './read-notes.ts'
import { writeNotes } from './write-notes.ts'

const read = (text: string) => readNotes(new TextEncoder().encode(text))
const chapter = (start: number, end: number, title = 'x') => ({ start, end, title })

it('reads known tags, by whatever name a container gives them', () =>
  expect(
    read(
      ';FFMETADATA1\nTITLE=A\\; b\\=c\\\\\nALBUMARTIST=One\nyear=1999\nencoder=Lavf\nDESCRIPTION=two\\\nlines\n',
    ),
  ).toEqual({
    tags: { title: 'A; b=c\\', albumArtist: 'One', date: '1999', comment: 'two lines' },
    chapters: [],
  }))

it('reads chapters in order, and leaves those out that are none', () => {
  const one = (start: string, end: string) =>
    `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=T${start}\n`
  expect(
    read(`${one('5000', '9000')}${one('0', '5000')}${one('7', '7')}${one('-1', '8')}[STREAM]\ntitle=no\n`),
  ).toEqual({
    tags: {},
    chapters: [chapter(0, 5, 'T0'), chapter(5, 9, 'T5000')],
  })
  expect(read(one('0', '9').repeat(100_000)).chapters).toEqual([])
})

it('reads back what it writes, whatever people call things', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 50 })
  fc.assert(
    fc.property(fc.record({ title: value, comment: value }), (given) => {
      const { tags } = aboutResult({ tags: {}, chapters: [] }, parseWish(given))
      const again = readNotes(writeNotes({ tags, chapters: [chapter(0, 1.5, tags.title ?? '')] }))
      expect(again).toEqual({ tags, chapters: [chapter(0, 1.5, tags.title ?? '')] })
    }),
  )
})

it('stands any notes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const about = readNotes(bytes)
      expect(Object.keys(about.tags).every((name) => TAG_NAMES.some((each) => each === name))).toBe(true)
      expect(writeId3(about).length).toBeLessThan(100_000)
    }),
  )
})

it('keeps, edits and drops; chapters of a part begin with it', () => {
  const source = {
    tags: { title: 'Old', album: 'Kept' },
    chapters: [chapter(0, 10), chapter(10, 20), chapter(20, 30)],
  }
  expect(aboutResult(source, parseWish({ title: 'New', start: 5, end: 15 }))).toEqual({
    tags: { title: 'New', album: 'Kept' },
    chapters: [chapter(0, 5), chapter(5, 10)],
  })
  expect(aboutResult(source, parseWish({ metadata: 'drop', artist: 'Me' }))).toEqual({
    tags: { artist: 'Me' },
    chapters: [],
  })
})

it('an MP3 that says nothing has no tag', () => expect(writeId3({ tags: {}, chapters: [] })).toHaveLength(0))
