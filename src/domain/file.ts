import type { FormatName } from './format.ts'

/** A stored file: an uploaded source or a result. Times are milliseconds since the epoch, sizes bytes, durations seconds. */
export interface StoredFile {
  readonly id: string
  /** User id; null for adopted files whose owner has no account. */
  readonly ownerId: string | null
  readonly kind: FileKind
  /** As the person called it, cleaned by `safeName`. */
  readonly name: string
  readonly contentType: string
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** Where its bytes lie in the store of its kind. */
  readonly blobKey: string
  readonly format: FormatName | null
  readonly duration: number | null
  /** The source a result was made from. */
  readonly derivedFrom: string | null
  readonly createdAt: number
  readonly expiresAt: number | null
}

/** What is remembered of a file whose time was over. */
export interface FormerFile {
  readonly id: string
  readonly ownerId: string | null
  /** When it was removed, milliseconds since the epoch. */
  readonly expiredAt: number
}

export type FileKind = 'source' | 'result'

const MAX_NAME = 200
/** Control characters, and the marks that turn the direction of text: they disguise extensions. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** The last part of an outside name, without what can not be seen; `file` when nothing is left. */
export function safeName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? ''
  const cleaned = base.toWellFormed().replace(UNSEEN, '').trim()
  return shorten(/^\.+$/.test(cleaned) ? '' : cleaned) || 'file'
}

/** Keeps the extension of a name that is too long. */
function shorten(name: string): string {
  const letters = [...name]
  if (letters.length <= MAX_NAME) return name
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? ''
  return letters.slice(0, MAX_NAME - extension.length).join('') + extension
}

/** `talk.mkv` and `mp3` → `talk.mp3`. */
export function renamed(name: string, extension: string): string {
  return `${name.replace(/\.[^.]{1,10}$/, '') || name}.${extension}`
}
