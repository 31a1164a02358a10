import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../kit/logger.ts'
import { databaseOf, openMongo } from './open-mongo.ts'

describe('the database of a mongodb: URL', () => {
  it.each([
    ['mongodb://h', 'soundlift'],
    ['mongodb://h/', 'soundlift'],
    ['mongodb://h:27017/?replicaSet=rs0', 'soundlift'],
    ['mongodb://h?replicaSet=rs0', 'soundlift'],
    ['mongodb://h/own', 'own'],
    ['mongodb://u:p%2Fw@a:1,b:2,c:3/own?replicaSet=a/b', 'own'],
    ['mongodb+srv://u:pw@cluster0.ab1cd.mongodb.net/my%20own?retryWrites=true&w=majority', 'my own'],
  ])('%s → %s', (url, database) => expect(databaseOf(url, 'soundlift')).toBe(database))
})

describe('opening', () => {
  it.each([
    ['mongodb://someone:hunter2/x@h/', 'unescaped'],
    ['mongodb://someone:hunter2@h:99999/', 'h:99999'],
    ['mongodb://someone:hunter2@x@h/', 'Invalid'],
    ['mongodb://someone:hunter2@h/?colour=blue', 'colour'],
    ['mongodb://', 'host'],
  ])('refuses %s at once, and never repeats its password', async (url, reason) => {
    const failure: unknown = await openMongo({ url, logger: silentLogger() }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(reason) })
    expect(String(failure)).not.toContain('hunter2')
  })
})
