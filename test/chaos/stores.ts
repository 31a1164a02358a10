import { tmpdir } from 'node:os'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { openEmbedded } from '../../src/adapters/broker/embedded.ts'
import { openLibrary } from '../../src/adapters/library/index.ts'
import type { FileKind } from '../../src/domain/file.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { convert } from '../../src/media/convert.ts'
import { createCores } from '../../src/media/cores.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import type { Library } from '../../src/ports/library.ts'
import { tidyBlobs } from '../../src/services/converter/sweep.ts'
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

/** The converter's own sweep on these stores, `ahead` milliseconds from now: orphans live for a day. */
export async function sweepLater({ library, blobs }: Stores, ahead: number): Promise<void> {
  const limits = { maxDuration: 0, maxOutput: 0, jobTimeout: 0, stallTimeout: 0 }
  const parts = {
    ...{ library, blobs, broker: openEmbedded(), convert, accounts: null, logger: silentLogger() },
    cores: createCores(1),
    settings: { slots: 1, leaseMs: 0, limits },
    now: () => Date.now() + ahead,
  }
  await tidyBlobs(parts, new AbortController().signal)
}
