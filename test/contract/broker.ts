import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unusable } from '../../src/domain/queue-message.ts'
import type { Broker, QueueMessage } from '../../src/ports/broker.ts'
import { until as waitFor } from '../support/wait.ts'

/** A message about a video whose id holds `name`. */
const message = (name: string): QueueMessage => ({
  video_fid: Buffer.from(name).toString('hex').padStart(24, '0'),
  mp3_fid: null,
  username: 'alice@example.com',
})
const nameOf = ({ video_fid }: QueueMessage) =>
  Buffer.from(video_fid.replace(/^(00)+/, ''), 'hex').toString('utf8')
const settled = <T>(ask: () => Promise<T | undefined>) => waitFor('the dead letters are there', ask, 5_000)
const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 10 })

/** What every broker keeps. `open` gives one with empty queues, that repeats a failed message within 2 s. */
export function brokerContract(name: string, open: () => Promise<Broker>): void {
  describe(`broker: ${name}`, () => {
    let broker: Broker
    beforeEach(async () => {
      broker = await open()
    })
    afterEach(() => broker.close())

    it('hands over what was published, before and after the subscription, in order', async () => {
      const seen: string[] = []
      await broker.publish('video', message('1'))
      await broker.subscribe('video', async (each) => void seen.push(nameOf(each)))
      await broker.publish('video', message('2'))
      await until(() => expect(seen).toEqual(['1', '2']))
    })

    it('hands over the whole message', async () => {
      const whole: QueueMessage = {
        video_fid: '64a1b2c3d4e5f60718293a4b',
        mp3_fid: '64a1b2c3d4e5f60718293a4c',
        username: 'ünï@example.com',
        conversion_id: '64a1b2c3d4e5f60718293a4d',
        request_id: 'r',
      }
      const seen: QueueMessage[] = []
      await broker.subscribe('mp3', async (each) => void seen.push(each))
      await broker.publish('mp3', whole)
      await until(() => expect(seen).toEqual([whole]))
    })

    it('keeps queues apart', async () => {
      const seen: string[] = []
      for (const queue of ['video', 'mp3', 'failed'] as const) {
        await broker.subscribe(queue, async (each) => void seen.push(`${queue} ${nameOf(each)}`))
      }
      await broker.publish('failed', message('1'))
      await broker.publish('video', message('2'))
      await until(() => expect(seen.sort()).toEqual(['failed 1', 'video 2']))
    })

    it('hands over one after another', async () => {
      let atOnce = 0
      let most = 0
      let done = 0
      await broker.subscribe('video', async () => {
        atOnce += 1
        most = Math.max(most, atOnce)
        await delay(5)
        atOnce -= 1
        done += 1
      })
      for (let id = 0; id < 10; id++) await broker.publish('video', message(`${id}`))
      await until(() => expect(done).toBe(10))
      expect(most).toBe(1)
    })

    it('gives each message to one of several subscriptions', async () => {
      const seen: string[] = []
      for (let subscriber = 0; subscriber < 3; subscriber++) {
        await broker.subscribe('video', async (each) => {
          seen.push(nameOf(each))
          await delay(5)
        })
      }
      const ids = Array.from({ length: 12 }, (_, id) => `${id}`)
      for (const id of ids) await broker.publish('video', message(id))
      await until(() => expect(seen).toHaveLength(ids.length))
      await delay(50)
      expect(seen.sort()).toEqual(ids.sort())
    })

    it('publish does not wait for a handler', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      await broker.subscribe('video', () => promise)
      for (let id = 0; id < 20; id++) await broker.publish('video', message(`${id}`))
      resolve()
    })

    it('hands over nothing while paused, and all of it after resume', async () => {
      const seen: string[] = []
      const subscription = await broker.subscribe('video', async (each) => void seen.push(nameOf(each)))
      subscription.pause()
      await broker.publish('video', message('1'))
      await broker.publish('video', message('2'))
      await delay(100)
      expect(seen).toEqual([])
      subscription.resume()
      await until(() => expect(seen).toEqual(['1', '2']))
    })

    it('hands a message over again after its handler failed, and others meanwhile', async () => {
      const seen: string[] = []
      await broker.subscribe('video', async (each) => {
        seen.push(nameOf(each))
        if (nameOf(each) === 'bad' && seen.filter((id) => id === 'bad').length < 3) throw new Error('no')
      })
      await broker.publish('video', message('bad'))
      await broker.publish('video', message('good'))
      await until(() => expect(seen.filter((id) => id === 'bad')).toHaveLength(3))
      expect(seen[1]).toBe('good')
    })

    it('does not spin on a message that always fails', async () => {
      let calls = 0
      await broker.subscribe('video', async () => {
        calls += 1
        throw new Error('never')
      })
      await broker.publish('video', message('bad'))
      await delay(300)
      expect(calls).toBeGreaterThan(0)
      expect(calls).toBeLessThan(10)
    })

    it('repeats messages that always fail, however many, without holding up the others', async () => {
      const seen: string[] = []
      await broker.subscribe('video', async (each) => {
        if (nameOf(each).startsWith('bad')) throw new Error('never')
        seen.push(nameOf(each))
      })
      const good = Array.from({ length: 5 }, (_, id) => `good${id}`)
      for (let id = 0; id < 30; id++) await broker.publish('video', message(`bad${id}`))
      for (const name of good) await broker.publish('video', message(name))
      await until(() => expect(seen).toEqual(good))
    })

    it('keeps what nobody can use as a dead letter with the reason, others go on', async () => {
      const seen: string[] = []
      await broker.subscribe('mp3', async (each) => {
        seen.push(nameOf(each))
        if (nameOf(each).startsWith('dead')) throw unusable(`no such video: ${nameOf(each)}`)
      })
      const before = Date.now()
      for (const name of ['dead1', 'good', 'dead2']) await broker.publish('mp3', message(name))
      await until(() => expect(seen).toEqual(['dead1', 'good', 'dead2']))
      const letters = await settled(async () => {
        const found = await broker.deadLetters.list(10)
        return found.length === 2 ? found : undefined
      })
      expect(letters.map(({ queue, reason }) => [queue, reason])).toEqual([
        ['mp3', 'no such video: dead1'],
        ['mp3', 'no such video: dead2'],
      ])
      for (const { body, at } of letters) {
        expect(JSON.parse(body)).toMatchObject({ username: 'alice@example.com' })
        expect(Math.abs(at - before)).toBeLessThan(5_000)
      }
      expect(new Set(letters.map(({ id }) => id)).size).toBe(2)
      expect(await broker.deadLetters.list(1)).toEqual(letters.slice(0, 1))
      expect(await broker.deadLetters.list(10)).toEqual(letters)
    })

    it('puts dead letters back where they came from: the ones named, or all', async () => {
      let mended = false
      const seen: string[] = []
      await broker.subscribe('video', async (each) => {
        if (!mended) throw unusable('not yet')
        seen.push(nameOf(each))
      })
      for (const name of ['a', 'b', 'c']) await broker.publish('video', message(name))
      const [first] = await settled(async () => {
        const found = await broker.deadLetters.list(10)
        return found.length === 3 ? found : undefined
      })
      mended = true
      expect(await broker.deadLetters.requeue(['unknown'])).toBe(0)
      expect(await broker.deadLetters.requeue([first?.id ?? ''])).toBe(1)
      await until(() => expect(seen).toEqual(['a']))
      expect(await broker.deadLetters.requeue()).toBe(2)
      await until(() => expect(seen).toEqual(['a', 'b', 'c']))
      expect(await broker.deadLetters.list(10)).toEqual([])
    })

    it('requeues all only once, also when they can not be used again', async () => {
      await broker.subscribe('video', async () => {
        throw unusable('never')
      })
      await broker.publish('video', message('dead'))
      const dead = () =>
        settled(async () => ((await broker.deadLetters.list(10)).length === 1 ? true : undefined))
      await dead()
      expect(await broker.deadLetters.requeue()).toBe(1)
      await dead()
    })

    it('close of a subscription waits for its handler and hands over nothing more', async () => {
      let ended = 0
      const subscription = await broker.subscribe('video', async () => {
        await delay(50)
        ended += 1
      })
      await broker.publish('video', message('1'))
      await broker.publish('video', message('2'))
      await delay(10)
      await subscription.close()
      expect(ended).toBe(1)
      await delay(100)
      expect(ended).toBe(1)
    })

    it('refuses a message once closed', async () => {
      expect(broker.connected).toBe(true)
      await broker.close()
      await broker.close()
      expect(broker.connected).toBe(false)
      await expect(broker.publish('video', message('1'))).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
      })
    })
  })
}
