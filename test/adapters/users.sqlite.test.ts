import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteUsers } from '../../src/adapters/users/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { usersContract } from '../contract/users.ts'
import { runModule, sourceUrl } from '../support/run-module.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const settings = { url: 'sqlite:', migrate: true, logger: silentLogger() }

usersContract('sqlite', async () => {
  const dataDir = await temporaryFolder()
  return () => openSqliteUsers({ ...settings, dataDir })
})

describe('users: sqlite, beside the contract', () => {
  it('lets several processes open a new file at once and write to it', async () => {
    const dataDir = await temporaryFolder()
    const children = ['a', 'b', 'c'].map((name) => runModule(writer(dataDir, name)))
    const ends = await Promise.all(children.map((child) => once(child, 'exit')))
    expect(ends.map(([code]) => code)).toEqual([0, 0, 0])
    const users = await openSqliteUsers({ ...settings, dataDir })
    const all = await users.list({ limit: 99 })
    await users.close()
    expect(all).toHaveLength(30)
    expect(all.filter((user) => user.role === 'admin')).toHaveLength(1)
  })

  it('says where and why when its folder can not be used', async () => {
    const dataDir = await temporaryFolder()
    await writeFile(join(dataDir, 'plain'), 'not a database')
    await expect(openSqliteUsers({ ...settings, dataDir: join(dataDir, 'plain') })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringContaining(join(dataDir, 'plain', 'soundlift.db')),
    })
    await expect(openSqliteUsers({ ...settings, dataDir, url: 'sqlite:plain' })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
    })
  })

  it('demands its tables where migrations are off', async () => {
    const dataDir = await temporaryFolder()
    const off = { ...settings, dataDir, migrate: false }
    await expect(openSqliteUsers(off)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('0001-accounts'),
    })
    await (await openSqliteUsers({ ...settings, dataDir })).close()
    await (await openSqliteUsers(off)).close()
  })
})

/** A program that adds ten accounts, the first as administrator when nobody is there. */
const writer = (dataDir: string, name: string) => `
  import { openSqliteUsers } from '${sourceUrl('adapters/users/sqlite.ts')}'
  import { newId } from '${sourceUrl('kit/ids.ts')}'
  import { silentLogger } from '${sourceUrl('kit/logger.ts')}'
  const settings = { url: 'sqlite:', dataDir: ${JSON.stringify(dataDir)}, migrate: true, logger: silentLogger() }
  const users = await openSqliteUsers(settings)
  for (let count = 0; count < 10; count++) {
    const user = { id: newId(), email: \`${name}\${count}@x.y\`, passwordHash: '-', role: 'user', createdAt: 0 }
    await users.create(user, { firstIsAdmin: true })
  }
  await users.close()
`
