import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** A path segment may have 255 bytes on every file system we know; two are kept for `%2E`, one for the mark of a folder. */
const PIECE = 252
const FOLDER_MARK = '~'

/**
 * The path of a key below the root of a store: one of 256 folders, so that none grows too large, then the key in
 * letters, digits and `-_.%`. What is longer than a segment goes on in marked folders. No two keys share a path, and
 * none leads out of the root.
 */
export function pathOfKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(/[!'()*~]/g, escapeByte)
  const pieces = (encoded.match(new RegExp(`.{1,${PIECE}}`, 'g')) ?? ['']).map(hideDot)
  const last = pieces.pop() ?? ''
  return join(shardOf(key), ...pieces.map((piece) => piece + FOLDER_MARK), last)
}

/** The key of a path made by `pathOfKey`, given as its segments below the shard; undefined for what we did not make. */
export function keyOfPath(segments: readonly string[]): string | undefined {
  try {
    return decodeURIComponent(segments.map((segment) => segment.replace(FOLDER_MARK, '')).join(''))
  } catch {
    return undefined
  }
}

/** True for a folder that goes on a key too long for one segment. */
export function isForLongKey(folder: string): boolean {
  return folder.endsWith(FOLDER_MARK)
}

const shardOf = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 2)
const escapeByte = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
/** `.` and `..` mean something to a file system, and a leading dot hides. */
const hideDot = (piece: string) => piece.replace(/^\./, '%2E')
