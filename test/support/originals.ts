import { MongoClient } from 'mongodb'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'

export type OriginalRow = readonly [email: unknown, password: unknown]

/** The user tables of the programs Soundlift takes over from, made as they made them; rows are added in this order. */
export const ORIGINALS = {
  async mysql(url: string, rows: readonly OriginalRow[], table = 'user') {
    const connection = await createConnection(url)
    await connection.query(`create table \`${table}\`
      (id int not null auto_increment primary key, email varchar(255), password varchar(255))`)
    if (rows.length > 0) await connection.query(`insert into \`${table}\` (email, password) values ?`, [rows])
    await connection.end()
  },
  async postgres(url: string, rows: readonly OriginalRow[], table = 'auth_user') {
    const client = new pg.Client(url)
    await client.connect()
    await client.query(`create table "${table}"
      (id integer generated always as identity primary key, email varchar(255), password varchar(255))`)
    const text = `insert into "${table}" (email, password) select * from json_populate_recordset(null::record, $1) as x(email text, password text)`
    await client.query(text, [JSON.stringify(rows.map(([email, password]) => ({ email, password })))])
    await client.end()
  },
  async mongodb(url: string, rows: readonly OriginalRow[], collection = 'users') {
    const client = new MongoClient(url)
    await client.db().createCollection(collection)
    const docs = rows.map(([email, password]) => ({ email, password, __v: 0 }))
    if (docs.length > 0) await client.db().collection(collection).insertMany(docs)
    await client.close()
  },
}
