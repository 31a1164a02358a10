/** What a sound can say of itself, in the words of the API and the command line. */
export const TAG_NAMES = [
  'title',
  'artist',
  'album',
  'albumArtist',
  'composer',
  'genre',
  'date',
  'trackNumber',
  'discNumber',
  'comment',
  'copyright',
] as const
export type TagName = (typeof TAG_NAMES)[number]
export type Tags = Readonly<Partial<Record<TagName, string>>>

/** Characters of one value: whoever writes more writes a book. */
const LONGEST = 1000
/** All control characters; ones that only turn the direction of text are among what a name may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** A value as it may stand in a result: one line, whole characters, not too long. */
export function cleanTag(text: string): string {
  return text.toWellFormed().replace(CONTROLS, ' ').trim().slice(0, LONGEST).toWellFormed()
}
