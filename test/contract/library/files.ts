import { expect, it } from 'vitest'
import { newId } from '../../../src/kit/ids.ts'
import { done, holdOf, mustClaim, NOW, type Opened, source, stored, submit, wanted } from './make.ts'

const notFound = { code: 'FILE_NOT_FOUND' }

export function files(at: Opened): void {
  it('gives back what it was given', async () => {
    const plain = source({ name: '☃ "100%"; drop table.mkv', contentType: 'x/'.padEnd(400, 'y') })
    const full = source({
      ownerId: newId(),
      format: 'opus',
      duration: 1.5,
      derivedFrom: newId(),
      expiresAt: NOW + 1,
    })
    for (const file of [plain, full]) {
      expect(await at.library.addFile(file)).toBeNull()
      expect(await at.library.file(file.id)).toEqual(file)
    }
    expect(await at.library.file(newId())).toBeNull()
  })

  it('writes a source and its conversion, both or neither', async () => {
    const file = source({ ownerId: newId() })
    const asked = wanted(file, { wish: { format: 'opus', bitrate: 96_000 } })
    const conversion = await at.library.addFile(file, asked)
    expect(conversion).toEqual({
      ...asked,
      sourceName: file.name,
      sourceSize: file.size,
      traceparent: null,
      webhook: null,
      state: 'queued',
      attempt: 0,
      fence: 0,
      lease: null,
      turn: 0,
      notBefore: expect.any(Number),
      progress: 0,
      resultId: null,
      warning: null,
      failure: null,
      startedAt: null,
      endedAt: null,
    })
    expect(await at.library.conversion(asked.id)).toEqual(conversion)

    const second = source()
    await expect(at.library.addFile(second, { ...wanted(second), id: asked.id })).rejects.toThrow()
    expect(await at.library.file(second.id)).toBeNull()
  })

  it('converts a source again, as long as it is there', async () => {
    const first = await submit(at.library)
    const file = await at.library.file(first.sourceId)
    if (!file) throw new Error('the source is gone')
    const second = await at.library.addConversion(
      wanted(file, { createdAt: NOW + 1, wish: { format: 'wav' } }),
    )
    expect(second).toMatchObject({ sourceId: file.id, sourceName: file.name, state: 'queued' })
    expect(await at.library.newestConversion(file.id)).toEqual(second)
    expect(await at.library.newestConversion(newId())).toBeNull()
    await expect(at.library.addConversion(wanted(source()))).rejects.toMatchObject(notFound)
  })

  it('knows the newest result of a source', async () => {
    const { sourceId, id } = await submit(at.library)
    expect(await at.library.newestResult(sourceId)).toBeNull()
    for (const later of [2, 3, 1]) {
      const claimed = await mustClaim(at.library)
      await at.library.finish(
        holdOf(claimed),
        done(claimed, { createdAt: NOW + later, name: `${later}.mp3` }),
        NOW,
      )
      const file = await at.library.file(sourceId)
      if (file) await at.library.addConversion(wanted(file))
    }
    expect(await at.library.newestResult(sourceId)).toMatchObject({ name: '3.mp3' })
    expect(await stored(at.library, { id })).toMatchObject({ state: 'done' })
  })

  it('removes what nobody needs, and nothing else', async () => {
    const conversion = await submit(at.library)
    const inUse = { code: 'FILE_IN_USE' }
    await expect(at.library.removeFile(conversion.sourceId)).rejects.toMatchObject(inUse)
    const claimed = await mustClaim(at.library)
    await expect(at.library.removeFile(conversion.sourceId)).rejects.toMatchObject(inUse)
    expect(await at.library.file(conversion.sourceId)).not.toBeNull()

    await at.library.finish(holdOf(claimed), done(claimed), NOW)
    expect(await at.library.removeFile(conversion.sourceId)).toMatchObject({ id: conversion.sourceId })
    expect(await at.library.file(conversion.sourceId)).toBeNull()
    await expect(at.library.removeFile(conversion.sourceId)).rejects.toMatchObject(notFound)
    expect(await stored(at.library, conversion)).toMatchObject({ sourceName: 'talk.mkv', state: 'done' })
  })

  it('never converts a file that is being removed', async () => {
    const other = await at.open()
    for (let round = 0; round < 10; round++) {
      const file = source()
      await at.library.addFile(file)
      const [removed, added] = await Promise.allSettled([
        at.library.removeFile(file.id),
        other.addConversion(wanted(file)),
      ])
      expect([removed.status, added.status].sort()).toEqual(['fulfilled', 'rejected'])
    }
  })

  it('lists one’s own, newest first, page by page', async () => {
    const ownerId = newId()
    const mine = []
    for (let minute = 0; minute < 5; minute++) {
      const createdAt = NOW + minute * 60_000
      mine.unshift(
        source({ id: newId(createdAt), ownerId, createdAt, kind: minute === 2 ? 'result' : 'source' }),
      )
      await at.library.addFile(source({ id: newId(createdAt), createdAt }))
    }
    for (const file of mine) await at.library.addFile(file)
    const first = await at.library.files({ ownerId, limit: 2 })
    const cursor = first[1]?.id ?? ''
    expect([...first, ...(await at.library.files({ ownerId, limit: 9, cursor }))]).toEqual(mine)
    expect(await at.library.files({ ownerId, limit: 9, kind: 'result' })).toEqual([mine[2]])
    expect(await at.library.files({ limit: 99 })).toHaveLength(10)
  })

  it('finds what has expired, and leaves what is in use', async () => {
    const old = source({ expiresAt: NOW - 1 })
    const used = source({ expiresAt: NOW - 1 })
    await at.library.addFile(old)
    await at.library.addFile(used, wanted(used))
    await at.library.addFile(source({ expiresAt: NOW + 1 }))
    await at.library.addFile(source({ expiresAt: null }))
    expect(await at.library.expired(NOW, 9)).toEqual([old])
    expect(await at.library.overdue(NOW, 0)).toEqual({ files: 1, bytes: old.size, rows: 0 })
    const [claimed] = [await at.library.claim({ name: 'worker', now: NOW, leaseMs: 1000 })]
    await at.library.cancel(claimed?.id ?? '', NOW)
    expect(await at.library.expired(NOW, 1)).toHaveLength(1)
    expect(await at.library.expired(NOW, 9)).toHaveLength(2)
  })

  it('remembers what has expired, and not what was removed', async () => {
    const [old, unwanted] = [source({ ownerId: newId(), expiresAt: NOW - 1 }), source()]
    await at.library.addFile(old)
    await at.library.addFile(unwanted)
    expect(await at.library.formerFile(old.id)).toBeNull()
    expect(await at.library.removeFile(old.id, NOW)).toEqual(old)
    await at.library.removeFile(unwanted.id)
    expect(await at.library.file(old.id)).toBeNull()
    const former = { id: old.id, ownerId: old.ownerId, expiredAt: NOW }
    expect(await at.library.formerFile(old.id)).toEqual(former)
    expect(await at.library.formerFile(unwanted.id)).toBeNull()
    await expect(at.library.removeFile(old.id, NOW)).rejects.toMatchObject(notFound)
    await at.library.addFile(old) // imported again
    await at.library.removeFile(old.id, NOW)
    expect(await at.library.formerFile(old.id)).toEqual(former)
    expect(await at.library.forget(NOW - 1, 9)).toBe(0)
    expect(await at.library.overdue(NOW, NOW)).toEqual({ files: 0, bytes: 0, rows: 1 })
    expect(await at.library.forget(NOW, 9)).toBe(1)
    expect(await at.library.formerFile(old.id)).toBeNull()
  })

  it('knows which blobs are referred to', async () => {
    const file = source()
    await at.library.addFile(file)
    const many = Array.from({ length: 1200 }, (_, place) => `stray/${place}`)
    const keys = [...many, file.blobKey]
    expect(await at.library.referenced('source', keys)).toEqual(new Set([file.blobKey]))
    expect(await at.library.referenced('result', keys)).toEqual(new Set())
    expect(await at.library.referenced('source', [])).toEqual(new Set())
  })
}
