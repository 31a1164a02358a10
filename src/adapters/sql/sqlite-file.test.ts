import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSqliteFile, sqlitePath } from './sqlite-file.ts'

describe('the path of a sqlite: URL', () => {
  it.each([
    ['sqlite:', resolve('data/soundlift.db')],
    ['sqlite:/srv/x.db', '/srv/x.db'],
    ['sqlite:///srv/x%20y.db', '/srv/x y.db'],
    ['sqlite:users.db', resolve('data/users.db')],
    [new URL('sqlite:'), resolve('data/soundlift.db')],
  ])('%s → %s', (url, path) => expect(sqlitePath(url, 'data')).toBe(path))

  it('refuses what looks like a host', () => {
    expect(() => sqlitePath('sqlite://srv/x.db', 'data')).toThrow('sqlite:/srv/x.db')
  })
})

describe('the file', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'soundlift-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is made with its folders, for its owner only, and left as it is when it is there', () => {
    const path = join(folder, 'a', 'b', 'x.db')
    makeSqliteFile(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    writeFileSync(path, 'kept')
    makeSqliteFile(path)
    expect(statSync(path).size).toBe(4)
  })

  it('is refused by path and reason where it can not be', () => {
    writeFileSync(join(folder, 'plain'), '')
    const path = join(folder, 'plain', 'x.db')
    const refused = expect.objectContaining({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringMatching(`${path}.*(ENOTDIR|EEXIST)`),
    })
    expect(() => makeSqliteFile(path)).toThrow(refused)
  })
})
