import { type Insertable, type Kysely, sql } from 'kysely'
import { insertFile } from '../../src/adapters/library/sql/file-row.ts'
import type { ConversionRow, LibraryTables } from '../../src/adapters/library/sql/tables.ts'
import type { Conversion } from '../../src/domain/conversion.ts'
import { BUSY, BUSY_TURNS, COPY_DIGITS, copyPrefix, RECEIPT, SHARE, seed } from './seed.ts'

const ROWS_AT_ONCE = 500

/** Writes so many shares into the empty tables of a library: one from here, the others as copies in the database. */
export async function fillSql(db: Kysely<LibraryTables>, shares: number): Promise<void> {
  const seeds = Array.from({ length: SHARE }, (_, place) => seed(place))
  await db.transaction().execute(async (trx) => {
    for (const { source } of seeds) await insertFile(trx, source)
    for (let start = 0; start < SHARE; start += ROWS_AT_ONCE) {
      const some = seeds.slice(start, start + ROWS_AT_ONCE).map(({ conversion }) => rowOf(conversion))
      await trx.insertInto('soundlift_conversions').values(some).execute()
    }
  })
  for (let copy = 1; copy < shares; copy++) {
    await copyTable(db, 'soundlift_files', ['id', 'blob_key', 'owner_id'], copy)
    await copyTable(db, 'soundlift_conversions', ['id', 'source_id', 'owner_id', 'owner_key'], copy)
  }
  await sql`insert into soundlift_owners select distinct owner_key from soundlift_conversions`.execute(db)
}

/** Copies the first share of a table; the ids in these columns become those of the copy. */
async function copyTable(
  db: Kysely<LibraryTables>,
  table: string,
  own: readonly string[],
  copy: number,
): Promise<void> {
  const columns = await columnsOf(db, table)
  const valueFor = (column: string) => {
    if (column === 'turn') return laterTurn(copy)
    return own.includes(column) ? moved(column, copy) : sql.ref(column)
  }
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(columns.map(valueFor))} from ${sql.table(table)} where id < ${copyPrefix(1)}`.execute(
    db,
  )
}

const moved = (column: string, copy: number) =>
  sql`case when ${sql.ref(column)} like ${sql.lit(`${BUSY}%`)} then ${sql.ref(column)}
    else concat(${sql.lit(copyPrefix(copy))}, substr(${sql.ref(column)}, ${sql.lit(COPY_DIGITS + 1)})) end`

const laterTurn = (copy: number) =>
  sql`case when owner_id like ${sql.lit(`${BUSY}%`)} then turn + ${sql.lit(copy * BUSY_TURNS)} else turn end`

async function columnsOf(db: Kysely<LibraryTables>, table: string): Promise<readonly string[]> {
  const tables = await db.introspection.getTables()
  return tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
}

function rowOf(conversion: Conversion): Insertable<ConversionRow> {
  return {
    id: conversion.id,
    owner_id: conversion.ownerId,
    owner_email: conversion.ownerEmail,
    owner_key: conversion.ownerId ?? '',
    source_id: conversion.sourceId,
    source_name: conversion.sourceName,
    source_size: conversion.sourceSize,
    wish: JSON.stringify(conversion.wish),
    request_id: conversion.requestId,
    state: conversion.state,
    attempt: conversion.attempt,
    fence: conversion.fence,
    lease_worker: null,
    lease_until: null,
    turn: conversion.turn,
    not_before: conversion.notBefore,
    progress: conversion.progress,
    result_id: conversion.resultId,
    warning: null,
    failure: conversion.failure && JSON.stringify(conversion.failure),
    receipt: conversion.state === 'done' ? RECEIPT : null,
    created_at: conversion.createdAt,
    started_at: conversion.startedAt,
    ended_at: conversion.endedAt,
  }
}
