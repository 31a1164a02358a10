import { afterAll } from 'vitest'
import { type Owned, ownName } from './owned.ts'

/** A database server that stands already. */
export interface SqlServer {
  readonly url: string
  /** Sends one statement by a connection of its own. */
  ask(url: string, statement: string): Promise<void>
  /** What follows `drop database NAME`. */
  readonly dropping?: string
}

/** Milliseconds: each test has a database of its own, and dropping one takes a second on a busy machine. */
const DROPPING = 180_000

export async function sqlIsThere({ url, ask }: SqlServer): Promise<boolean> {
  return ask(url, 'select 1').then(
    () => true,
    () => false,
  )
}

/** A new, empty database. */
export async function sqlDatabase({ url: server, ask, dropping = '' }: SqlServer): Promise<Owned> {
  const name = ownName('_')
  await ask(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => ask(server, `drop database if exists ${name} ${dropping}`) }
}

/** Databases of the tests' own, dropped when they end. Call it where hooks may be registered. */
export function sqlBackend(server: SqlServer): { url(): Promise<string> } {
  const made: Owned[] = []
  afterAll(async () => {
    for (const database of made) await database.drop()
  }, DROPPING)
  return {
    async url() {
      const database = await sqlDatabase(server)
      made.push(database)
      return database.url
    },
  }
}
