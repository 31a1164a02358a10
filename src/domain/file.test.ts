import fc from 'fast-check'
import { expect, it } from 'vitest'
import { renamed, safeName } from './file.ts'

it.each([
  ['talk.mkv', 'talk.mkv'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\a\\b.mp4', 'b.mp4'],
  ['a\r\nX-Evil: 1.mkv', 'aX-Evil: 1.mkv'],
  ['\u202egnp.exe', 'gnp.exe'],
  ['..', 'file'],
  ['', 'file'],
  ['Grüße 日本.mov', 'Grüße 日本.mov'],
])('%j is kept as %j', (outside, kept) => expect(safeName(outside)).toBe(kept))

it('shortens a long name and keeps its extension', () => {
  const name = safeName(`${'x'.repeat(300)}.mkv`)
  expect(name).toHaveLength(200)
  expect(name.endsWith('.mkv')).toBe(true)
})

it('never lets through a path, a line break or nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => /^[^/\\\r\n\0]+$/.test(safeName(name))))
})

it('changes extensions', () => {
  expect([renamed('a.b.mkv', 'mp3'), renamed('plain', 'ogg'), renamed('.mkv', 'mp3')]).toEqual([
    'a.b.mp3',
    'plain.ogg',
    '.mkv.mp3',
  ])
})
