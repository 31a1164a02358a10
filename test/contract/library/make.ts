import type { Conversion } from '../../../src/domain/conversion.ts'
import type { StoredFile } from '../../../src/domain/file.ts'
import { newId } from '../../../src/kit/ids.ts'
import type { Hold, Library, NewConversion, Outcome } from '../../../src/ports/library.ts'

/** A library of the running test, and a way to open the same place once more. */
export interface Opened {
  library: Library
  open(): Promise<Library>
}

/** The tests' clock starts here. */
export const NOW = 1_700_000_000_000
export const LEASE = 30_000

export function source(change: Partial<StoredFile> = {}): StoredFile {
  const id = change.id ?? newId()
  return {
    id,
    ownerId: null,
    kind: 'source',
    name: 'talk.mkv',
    contentType: 'video/x-matroska',
    size: 5_000_000_000,
    sha256: 'ab'.repeat(32),
    blobKey: `sources/${id}`,
    format: null,
    duration: null,
    derivedFrom: null,
    createdAt: NOW,
    expiresAt: null,
    ...change,
  }
}

export function resultOf(conversion: Conversion, change: Partial<StoredFile> = {}): StoredFile {
  return source({
    ownerId: conversion.ownerId,
    kind: 'result',
    name: 'talk.mp3',
    contentType: 'audio/mpeg',
    size: 1_136_640,
    blobKey: `results/${conversion.id}-${conversion.attempt}`,
    format: 'mp3',
    duration: 71.0625,
    derivedFrom: conversion.sourceId,
    ...change,
  })
}

export function wanted(file: StoredFile, change: Partial<NewConversion> = {}): NewConversion {
  return {
    id: newId(),
    ownerId: file.ownerId,
    ownerEmail: 'alice@example.com',
    sourceId: file.id,
    wish: { format: 'mp3' },
    requestId: 'request-1',
    createdAt: file.createdAt,
    ...change,
  }
}

/** Uploads a new source of an owner and asks for its conversion. */
export async function submit(library: Library, change: Partial<NewConversion> = {}): Promise<Conversion> {
  const file = source({ ownerId: change.ownerId ?? null, createdAt: change.createdAt ?? NOW })
  const conversion = await library.addFile(file, wanted(file, change))
  if (!conversion) throw new Error('no conversion was made')
  return conversion
}

/** Claims what must be there. */
export async function mustClaim(library: Library, now = NOW, name = 'worker'): Promise<Conversion> {
  const claimed = await library.claim({ name, now, leaseMs: LEASE })
  if (!claimed) throw new Error('there was nothing to claim')
  return claimed
}

/** The conversion as it lies in the store now. */
export async function stored(library: Library, { id }: { id: string }): Promise<Conversion> {
  const conversion = await library.conversion(id)
  if (!conversion) throw new Error('the conversion is gone')
  return conversion
}

export const holdOf = ({ id, fence }: Conversion): Hold => ({ id, fence })

export const failure = { code: 'ENGINE_FAILED', text: 'It broke off.' } as const
export const failed: Outcome = { kind: 'failed', failure }
export const again = (notBefore: number): Outcome => ({ kind: 'again', failure, notBefore })
export const done = (conversion: Conversion, change: Partial<StoredFile> = {}): Outcome => ({
  kind: 'done',
  result: resultOf(conversion, change),
  warning: null,
  receipt: { plan: 'encode' },
})
