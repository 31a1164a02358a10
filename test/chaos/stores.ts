import { tmpdir } from 'node:os'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { openLibrary } from '../../src/adapters/library/index.ts'
import type { FileKind } from '../../src/domain/file.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import type { Library } from '../../src/ports/library.ts'
import { tidyBlobs } from '../../src/services/upkeep/tidy-blobs.ts'
import type { Places } from './cast.ts'

export interface Stores {
  readonly library: Library
  readonly blobs: Readonly<Record<FileKind, Blobs>>
  close(): Promise<void>
}

/** The library and the blobs of a cast, opened beside it. */
export async function openStores({ library: url, videos, mp3s }: Places): Promise<Stores> {
  const common = { dataDir: tmpdir(), logger: silentLogger() }
  const library = await openLibrary({ ...common, url, migrate: false })
  const blobs = {
    source: await openBlobs({ ...common, url: videos, sub: 'videos' }),
    result: await openBlobs({ ...common, url: mp3s, sub: 'mp3s' }),
  }
  const close = async () =>
    void (await Promise.all([library.close(), blobs.source.close(), blobs.result.close()]))
  return { library, blobs, close }
}

/** Milliseconds by which the clock of a store may be ahead. */
const TOLERANCE = 60_000

export async function keysOf(blobs: Blobs): Promise<string[]> {
  const keys: string[] = []
  for await (const key of blobs.list(Date.now() + TOLERANCE)) keys.push(key)
  return keys.sort()
}

/** The product's own sweep on these stores, `ahead` milliseconds from now: orphans live for a day. */
export async function sweepLater({ library, blobs }: Stores, ahead: number): Promise<void> {
  const now = () => Date.now() + ahead
  const parts = { library, blobs, settings: {}, logger: silentLogger(), now }
  await tidyBlobs(parts, 'source')
  await tidyBlobs(parts, 'result')
}
