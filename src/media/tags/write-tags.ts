import type { Wish } from '../../domain/wish/wish.ts'
import type { About } from './about.ts'
import { writeId3 } from './id3.ts'
import { writeNotes } from './write-notes.ts'

/** Tags of a result: an ID3 tag in front of an MP3, and what the engine writes into the others itself. */
export function writeTags(about: About, { format }: Wish): { head: Uint8Array; tags: Uint8Array } {
  return format === 'mp3'
    ? { head: writeId3(about), tags: new Uint8Array() }
    : { head: new Uint8Array(), tags: writeNotes(about) }
}
