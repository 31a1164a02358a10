import { expect, it } from 'vitest'
import { newId } from '../../../src/kit/ids.ts'
import { done, holdOf, mustClaim, NOW, type Opened, source, submit, wanted } from './make.ts'

const exceeded = { code: 'QUOTA_EXCEEDED' }
const SIZE = 1_000

export function quotas(at: Opened): void {
  const owned = (ownerId: string, change = {}) => source({ ownerId, size: SIZE, ...change })

  it('counts what comes and what goes, of each person', async () => {
    const [alice, bob] = [newId(), newId()]
    expect(await at.library.usage(alice)).toEqual({ files: 0, bytes: 0 })
    const [first, second, expired] = [owned(alice), owned(alice, { size: 5 }), owned(alice, { size: 7 })]
    for (const file of [first, second, expired, owned(bob), source()]) await at.library.addFile(file)
    expect(await at.library.usage(alice)).toEqual({ files: 3, bytes: SIZE + 12 })
    await at.library.removeFile(first.id)
    await at.library.removeFile(expired.id, NOW)
    await expect(at.library.removeFile(first.id)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    expect(await at.library.usage(alice)).toEqual({ files: 1, bytes: 5 })
    expect(await at.library.usage(bob)).toEqual({ files: 1, bytes: SIZE })
    expect(await at.library.recount()).toBe(0)
  })

  it('refuses what does not fit, and writes nothing of it', async () => {
    const alice = newId()
    await at.library.addFile(owned(alice), undefined, { files: 2, bytes: 2 * SIZE })
    const tooLarge = owned(alice, { size: SIZE + 1 })
    const adding = at.library.addFile(tooLarge, wanted(tooLarge), { bytes: 2 * SIZE })
    await expect(adding).rejects.toMatchObject({ ...exceeded, message: expect.stringContaining('1000 B of') })
    expect(await at.library.file(tooLarge.id)).toBeNull()
    expect(await at.library.newestConversion(tooLarge.id)).toBeNull()
    await at.library.addFile(owned(alice), undefined, { files: 2, bytes: 2 * SIZE })
    await expect(at.library.addFile(owned(alice), undefined, { files: 2 })).rejects.toMatchObject(exceeded)
    expect(await at.library.usage(alice)).toEqual({ files: 2, bytes: 2 * SIZE })
    await at.library.addFile(owned(newId()), undefined, { files: 1 })
    await at.library.addFile(source(), undefined, { files: 0, bytes: 0 }) // nobody’s
  })

  it('counts a result, and never refuses it', async () => {
    const alice = newId()
    const file = owned(alice)
    await at.library.addFile(file, wanted(file), { files: 1, bytes: SIZE })
    const claimed = await mustClaim(at.library)
    await at.library.finish(holdOf(claimed), done(claimed, { size: 10 }), NOW)
    expect(await at.library.usage(alice)).toEqual({ files: 2, bytes: SIZE + 10 })
    const adopted = owned(alice, { kind: 'result', derivedFrom: newId(), size: 3 })
    await at.library.adoptResult(adopted, 'alice@example.com', NOW)
    expect(await at.library.usage(alice)).toEqual({ files: 3, bytes: SIZE + 13 })
  })

  it.each([
    ['slot', { files: 1 }],
    ['bytes', { bytes: SIZE + 10 }],
  ])('gives the last free %s to one of fifty who come at once', async (_, quota) => {
    const [one, other] = [await at.open(), await at.open()]
    for (const warm of [false, true]) {
      const alice = newId()
      if (warm) await at.library.removeFile((await counted(alice)).id) // else fifty count for the first time
      const files = Array.from({ length: 50 }, () => owned(alice))
      const adding = files.map((file, place) =>
        (place % 2 ? one : other).addFile(file, place % 3 ? wanted(file) : undefined, quota),
      )
      const ends = await Promise.allSettled(adding)
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
      expect(refused).toHaveLength(49)
      for (const reason of refused) expect(reason).toMatchObject(exceeded)
      expect(await at.library.usage(alice)).toEqual({ files: 1, bytes: SIZE })
      expect(await at.library.files({ ownerId: alice, limit: 99 })).toHaveLength(1)
    }
  })

  it('counts right when much comes and goes at once', async () => {
    const alice = newId()
    const there = Array.from({ length: 10 }, () => owned(alice))
    for (const file of there) await at.library.addFile(file)
    await Promise.all([
      ...there.map((file) => at.library.removeFile(file.id)),
      ...Array.from({ length: 10 }, () => at.library.addFile(owned(alice, { size: 3 }))),
      ...Array.from({ length: 5 }, () => submit(at.library, { ownerId: alice })),
      at.library.recount(),
    ])
    expect(await at.library.recount()).toBe(0)
    const { size } = source()
    expect(await at.library.usage(alice)).toEqual({ files: 15, bytes: 30 + 5 * size })
  })

  /** A file of someone who has been counted. */
  async function counted(ownerId: string) {
    const file = owned(ownerId)
    await at.library.addFile(file)
    return file
  }
}
