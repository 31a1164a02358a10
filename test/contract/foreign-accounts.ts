import { afterEach, describe, expect, it } from 'vitest'
import type { ForeignAccount, ForeignAccounts } from '../../src/ports/foreign-accounts.ts'
import type { OriginalRow } from '../support/originals.ts'

/** The user table of another program, made by hand. */
export interface ForeignTable {
  /** Opens it; with `table`, one of another name. */
  open(table?: string): Promise<ForeignAccounts>
  /** Makes the table, in the originals' name or another, and fills it in this order. */
  fill(rows: readonly OriginalRow[], table?: string): Promise<void>
}

/** What every reader of foreign accounts does. `place` is an empty place. */
export function foreignAccountsContract(name: string, place: () => Promise<ForeignTable>): void {
  describe(`foreign accounts: ${name}`, () => {
    const opened: ForeignAccounts[] = []
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close()
    })
    const all = async (at: ForeignTable, table?: string) => {
      const accounts = await at.open(table)
      opened.push(accounts)
      const rows: ForeignAccount[] = []
      for await (const row of accounts.read()) rows.push(row)
      return rows
    }

    it('gives every row once, in order, over pages and again', async () => {
      const at = await place()
      const people = Array.from(
        { length: 1_001 },
        (_, place): OriginalRow => [`u${place}@example.com`, `päss ${place} '"\\`],
      )
      await at.fill(people)
      for (let time = 0; time < 2; time++) {
        const rows = await all(at)
        expect(rows.map(({ email, password }) => [email, password])).toEqual(people)
        expect(new Set(rows.map(({ where }) => where)).size).toBe(people.length)
      }
    })

    it('gives what is missing as it is, and an empty table as empty', async () => {
      const at = await place()
      await at.fill([])
      expect(await all(at)).toEqual([])
      await at.fill([[null, null]], 'people')
      expect(await all(at, 'people')).toMatchObject([{ email: null, password: null }])
    })

    it('names a table that is not there, whatever its name', async () => {
      const at = await place()
      for (const table of ['nowhere', 'a`b"c; drop table "x']) {
        const failure = all(at, table)
        await expect(failure).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' })
        await expect(failure).rejects.toThrow(table)
      }
    })
  })
}
