/** Where our own notes lie below the prefix. */
const NOTES = '.soundlift/'
const ODD = '.soundlift/odd/'
/** Ends the name of each note: MinIO does not list what lies below the name of another object. */
const END = '/.note'

/** The names of objects in the bucket, for one kind of blobs. */
export interface Names {
  /** Of the blob itself: exactly `<prefix><key>`, which others rely on. */
  object(key: string): string
  /** Of the note that a blob is ours and of this kind. */
  entry(key: string): string
  /** Of the note that a large blob is being written. */
  unfinished(key: string): string
  /** What the names of all entries, of all unfinished ones, start with. */
  readonly entries: string
  readonly unfinishedOnes: string
  /** The key of a note whose name starts with `folder`. */
  keyOf(name: string, folder: string): string
}

/** The names of one kind; `prefix` is empty or ends with a slash. */
export function namesOf(prefix: string, kind: string): Names {
  const entries = `${prefix}${NOTES}${kind}/`
  const unfinishedOnes = `${prefix}${NOTES}unfinished/${kind}/`
  return {
    object: (key) => prefix + tame(key),
    entry: (key) => entries + tame(key) + END,
    unfinished: (key) => unfinishedOnes + tame(key) + END,
    entries,
    unfinishedOnes,
    keyOf: (name, folder) => untame(name.slice(folder.length, -END.length)),
  }
}

/**
 * A key as servers take it: itself, but for keys with segments that mean something in a path (`..`), or that would
 * lie among our notes. No two keys become the same.
 */
function tame(key: string): string {
  const odd = key.startsWith(NOTES) || /(^|\/)\.{0,2}(\/|$)/.test(key)
  return odd ? ODD + Buffer.from(key).toString('base64url') : key
}

function untame(name: string): string {
  return name.startsWith(ODD) ? Buffer.from(name.slice(ODD.length), 'base64url').toString() : name
}
