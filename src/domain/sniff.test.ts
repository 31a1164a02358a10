import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SNIFFED_BYTES, sniff } from './sniff.ts'

const ogg = (inside: string) => `OggS${'\0'.repeat(24)}${inside}`

it.each([
  ['ID3\x04\0', 'mp3'],
  ['\xff\xfb\x90\x64', 'mp3'],
  ['fLaC\0', 'flac'],
  [ogg('OpusHead'), 'opus'],
  [ogg('\x01vorbis'), 'ogg'],
  ['RIFF\x24\0\0\0WAVEfmt ', 'wav'],
  ['RIFF\x24\0\0\0AVI LIST', 'avi'],
  ['\0\0\0\x20ftypM4A \0', 'm4a'],
  ['\0\0\0\x14ftypqt  \0', 'mov'],
  ['\0\0\0\x20ftypisom', 'mp4'],
  ['\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm', 'webm'],
  ['FLV\x01\x05', 'flv'],
  ['0&\xb2u\x8ef\xcf\x11\xa6', 'wmv'],
])('%j is %s', (head, extension) => {
  expect(sniff(Buffer.from(head, 'latin1'))).toMatchObject({ extension })
})

it('tells a real file, and says nothing of what it does not know', () => {
  const head = readFileSync('samples/hello.mkv').subarray(0, SNIFFED_BYTES)
  expect(sniff(head)).toEqual({ extension: 'mkv', contentType: 'video/x-matroska', format: null })
  for (const unknown of ['', 'I', '<html>', 'RIFF', 'OggS', '\0\0\0\0']) {
    expect(sniff(Buffer.from(unknown, 'latin1'))).toBeNull()
  }
})
