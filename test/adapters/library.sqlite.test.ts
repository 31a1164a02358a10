import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { openSqliteUsers } from '../../src/adapters/users/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { failed, holdOf, mustClaim, NOW, source, submit, wanted } from '../contract/library/make.ts'
import { libraryContract } from '../contract/library.ts'
import { firstWords, runModule, sourceUrl } from '../support/run-module.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const settings = { url: 'sqlite:', migrate: true, logger: silentLogger() }

libraryContract('sqlite', async () => {
  const dataDir = await temporaryFolder()
  return () => openSqliteLibrary({ ...settings, dataDir })
})

describe('library: sqlite, beside the contract', () => {
  it('has what it acknowledged before its process was killed', async () => {
    const dataDir = await temporaryFolder()
    const file = source()
    const conversion = wanted(file)
    const child = runModule(`
      import { openSqliteLibrary } from '${sourceUrl('adapters/library/sqlite.ts')}'
      import { silentLogger } from '${sourceUrl('kit/logger.ts')}'
      const settings = { url: 'sqlite:', dataDir: ${JSON.stringify(dataDir)}, migrate: true, logger: silentLogger() }
      const library = await openSqliteLibrary(settings)
      await library.addFile(${JSON.stringify(file)}, ${JSON.stringify(conversion)})
      process.kill(process.pid, 'SIGKILL')
    `)
    const [, signal] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    const library = await openSqliteLibrary({ ...settings, dataDir })
    expect(await library.file(file.id)).toEqual(file)
    expect(await library.conversion(conversion.id)).toMatchObject({ state: 'queued' })
    await library.close()
  })

  it('removes what a release before has announced and left', async () => {
    const dataDir = await temporaryFolder()
    const library = await openSqliteLibrary({ ...settings, dataDir })
    for (let each = 0; each < 3; each++) {
      await submit(library)
      await library.finish(holdOf(await mustClaim(library)), failed, NOW)
    }
    const database = new DatabaseSync(`${dataDir}/soundlift.db`)
    database.exec(
      'update soundlift_events set announced = 1 where id <> (select max(id) from soundlift_events)',
    )
    expect(await library.forget(0, 9)).toBe(2)
    expect(await library.unannounced(9)).toHaveLength(1)
    database.close()
    await library.close()
  })

  it('shares its file with the other rooms, all writing at once', async () => {
    const dataDir = await temporaryFolder()
    const [users, library, notifications] = await Promise.all([
      openSqliteUsers({ ...settings, dataDir }),
      openSqliteLibrary({ ...settings, dataDir }),
      openSqliteNotifications({ ...settings, dataDir }),
    ])
    const work = Array.from({ length: 20 }, (_, place) => [
      library.addFile(source()),
      users.create({ ...person, id: source().id, email: `${place}@x.y` }),
      notifications.setPreferences(`${place}`, { email: { enabled: false } }),
    ])
    await Promise.all(work.flat())
    expect(await library.files({ limit: 99 })).toHaveLength(20)
    expect(await users.list({ limit: 99 })).toHaveLength(20)
    await Promise.all([users.close(), library.close(), notifications.close()])
  })

  it('waits for another process’s lock without stopping everything else', async () => {
    const dataDir = await temporaryFolder()
    const library = await openSqliteLibrary({ ...settings, dataDir })
    const child = runModule(`
      import { DatabaseSync } from 'node:sqlite'
      const database = new DatabaseSync(${JSON.stringify(`${dataDir}/soundlift.db`)})
      database.exec('begin immediate')
      console.log('locked')
      setTimeout(() => database.exec('commit'), 800)
    `)
    expect(await firstWords(child)).toBe('locked')
    let written = false
    const writing = library.addFile(source()).then(() => {
      written = true
    })
    let longest = 0
    for (let last = performance.now(); !written; last = performance.now()) {
      await delay(5)
      longest = Math.max(longest, performance.now() - last)
    }
    await writing
    expect(longest).toBeLessThan(500)
    await library.close()
  })
})

const person = { passwordHash: '-', role: 'user', createdAt: 0 } as const
