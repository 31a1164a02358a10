import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from '../../kit/logger.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Examine } from '../../ports/examination.ts'
import type { ForeignFiles } from '../../ports/foreign-files.ts'
import { byScheme } from '../by-scheme.ts'
import { databaseOf } from '../mongo/open-mongo.ts'
import { examineFiles } from './examine/examine-files.ts'
import { examineGridfs } from './examine/examine-gridfs.ts'
import { examineS3 } from './examine/examine-s3.ts'
import { openFiles } from './files.ts'
import { openForeignGridfs } from './gridfs/foreign-files.ts'
import { openGridfs } from './gridfs.ts'
import { openS3 } from './s3.ts'

/** Where blobs lie: `url` is BLOBS_URL (or VIDEOS_URL, MP3S_URL), `sub` the part of it that holds one kind. */
export interface BlobSettings {
  readonly url: string
  readonly sub: 'videos' | 'mp3s'
  /** DATA_DIR, for `file:` without a path. */
  readonly dataDir: string
  readonly logger: Logger
  /** Milliseconds to wait at open for a server that is still starting. */
  readonly patience?: number | undefined
}

type Open = (settings: BlobSettings) => Promise<Blobs>

const openMongodb: Open = (settings) => openGridfs({ ...settings, database: databaseFor(settings) })

/** The table of blob stores, by the scheme of their URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, Open>> = {
  'file:': (settings) => openFiles(join(folderOf(settings), settings.sub)),
  'mongodb:': openMongodb,
  'mongodb+srv:': openMongodb,
  's3:': (settings) => openS3({ ...settings, kind: settings.sub }),
}

/** Opens the store that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export async function openBlobs(settings: BlobSettings): Promise<Blobs> {
  return byScheme(DRIVERS, 'BLOBS_URL', settings.url)(settings)
}

interface Examined extends Omit<BlobSettings, 'logger' | 'patience'> {
  /** DISK_RESERVE, bytes. */
  readonly reserve: number
}

const examineMongodb: Examine<Examined> = ({ url, sub }, found) =>
  examineGridfs({ url, database: databaseFor({ url, sub }) }, found)

/** How each store is examined. */
const EXAMINERS: Readonly<Record<string, Examine<Examined>>> = {
  'file:': (settings, found) =>
    examineFiles({ folder: join(folderOf(settings), settings.sub), reserve: settings.reserve }, found),
  'mongodb:': examineMongodb,
  'mongodb+srv:': examineMongodb,
  's3:': ({ url, sub }, found) => examineS3({ url, kind: sub }, found),
}

/** Examines the store that `settings.url` names. */
export const examineBlobs: Examine<Examined> = (settings, found) =>
  byScheme(EXAMINERS, found.variable, settings.url)(settings, found)

type ForeignSettings = Omit<BlobSettings, 'dataDir'>

const openForeignMongodb = (settings: ForeignSettings) =>
  openForeignGridfs({ ...settings, database: databaseFor(settings) })

/** The stores in which other programs keep files that we can take over. */
const FOREIGN: Readonly<Record<string, (settings: ForeignSettings) => Promise<ForeignFiles>>> = {
  'mongodb:': openForeignMongodb,
  'mongodb+srv:': openForeignMongodb,
}

/** Opens the files that another program keeps at `settings.url`; CONFIG_INVALID for a scheme nobody knows. */
export async function openForeignFiles(settings: ForeignSettings): Promise<ForeignFiles> {
  return byScheme(FOREIGN, '--from', settings.url)(settings)
}

/** `file:` is DATA_DIR/blobs, `file:/path` and `file:///path` that folder. */
function folderOf({ url, dataDir }: Pick<BlobSettings, 'url' | 'dataDir'>): string {
  const path = url.slice('file:'.length)
  if (path === '') return join(dataDir, 'blobs')
  return path.startsWith('//') ? fileURLToPath(url) : resolve(path)
}

/**
 * `videos` and `mp3s`, where other programs look for them, whatever the URL names; two installations share a server by
 * names that end so, such as `test-videos` and `test-mp3s`.
 */
function databaseFor({ url, sub }: Pick<ForeignSettings, 'url' | 'sub'>): string {
  const named = databaseOf(url, sub)
  return named.endsWith(sub) ? named : sub
}
