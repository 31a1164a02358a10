import { expect, it } from 'vitest'
import type { ConversionEvent } from '../../../src/domain/event.ts'
import type { Library } from '../../../src/ports/library.ts'
import * as make from './make.ts'

const told = async (library: Library): Promise<readonly ConversionEvent[]> => library.unannounced(99)
const types = async (library: Library) => (await told(library)).map(({ type }) => type)

/** Events of conversions that someone follows from the start. */
export function watching(opened: make.Opened): void {
  it('tells queued and running only where someone watches', async () => {
    const { library } = opened
    await make.submit(library, { ownerId: 'alice' })
    await library.finish(make.holdOf(await make.mustClaim(library)), make.failed, make.NOW)
    expect(await types(library)).toEqual(['conversion.failed'])
  })

  it('tells every step of a watched owner in order, also within a millisecond', async () => {
    const { library } = opened
    await library.watch('alice')
    await library.watch('alice')
    for (let each = 0; each < 5; each++) {
      const { id } = await make.submit(library, { ownerId: 'alice' })
      const claimed = await make.mustClaim(library)
      await library.finish(make.holdOf(claimed), make.done(claimed), make.NOW)
      const mine = (await told(library)).filter(({ conversionId }) => conversionId === id)
      expect(mine.map(({ type }) => type)).toEqual([
        'conversion.queued',
        'conversion.running',
        'conversion.done',
      ])
      expect(mine.map(({ conversion }) => conversion?.state)).toEqual(['queued', 'running', 'done'])
      expect(mine.map(({ result }) => result?.contentType)).toEqual([undefined, undefined, 'audio/mpeg'])
    }
  })

  it('tells each attempt, a takeover and a retry by hand', async () => {
    const { library } = opened
    await library.watch('alice')
    const { id } = await make.submit(library, { ownerId: 'alice' })
    await library.finish(make.holdOf(await make.mustClaim(library)), make.again(make.NOW + 10), make.NOW + 5)
    await make.mustClaim(library, make.NOW + 10)
    const heir = await make.mustClaim(library, make.NOW + 10 + make.LEASE)
    await library.finish(make.holdOf(heir), make.failed, make.NOW + 20 + make.LEASE)
    await library.retry(id, make.NOW + 30 + make.LEASE)
    expect((await told(library)).map(({ type, conversion }) => [type, conversion?.attempt])).toEqual([
      ['conversion.queued', 0],
      ['conversion.running', 1],
      ['conversion.running', 2],
      ['conversion.running', 3],
      ['conversion.failed', 3],
      ['conversion.queued', 0],
    ])
  })

  it('watches who has no account by the e-mail address, whatever its case', async () => {
    const { library } = opened
    await library.watch('alice@example.com')
    await make.submit(library, { ownerEmail: 'Alice@Example.com' })
    await make.submit(library, { ownerEmail: 'bob@example.com' })
    expect((await told(library)).map(({ username }) => username)).toEqual(['Alice@Example.com'])
  })

  it('keeps the trace that a conversion is part of, and tells it with its events', async () => {
    const { library } = opened
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const { id } = await make.submit(library, { ownerId: 'alice', traceparent })
    expect(await library.conversion(id)).toMatchObject({ traceparent })
    const claimed = await make.mustClaim(library)
    await library.finish(make.holdOf(claimed), make.failed, make.NOW)
    expect(await library.unannounced(9)).toMatchObject([{ type: 'conversion.failed', traceparent }])
    const plain = await make.submit(library)
    expect(await library.conversion(plain.id)).toMatchObject({ traceparent: null })
  })

  it('keeps the webhook of a conversion, tells every step of it, and of no other', async () => {
    const { library } = opened
    const webhook = 'https://hooks.example.com/1'
    const { id } = await make.submit(library, { ownerId: 'alice', webhook })
    const plain = await make.submit(library, { ownerId: 'bob' })
    expect(await library.conversion(id)).toMatchObject({ webhook })
    expect(await library.conversion(plain.id)).toMatchObject({ webhook: null })
    await make.mustClaim(library)
    await make.mustClaim(library)
    const all = await told(library)
    expect(all.map((event) => [event.type, event.conversionId, event.webhook])).toEqual([
      ['conversion.queued', id, webhook],
      ['conversion.running', id, webhook],
    ])
  })

  it('tells nothing when the submit fails', async () => {
    const { library } = opened
    await library.watch('alice')
    const wanted = make.wanted(make.source({ ownerId: 'alice' }))
    await expect(library.addConversion(wanted)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    expect(await told(library)).toEqual([])
  })
}
