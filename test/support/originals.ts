import { pipeline } from 'node:stream/promises'
import { GridFSBucket, MongoClient, ObjectId } from 'mongodb'
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

/** A file in GridFS as the originals put it there: bytes under an id, neither name nor metadata. Resolves with the id. */
export async function putOriginal(server: string, database: 'videos' | 'mp3s', bytes: Uint8Array) {
  const client = new MongoClient(server)
  const upload = new GridFSBucket(client.db(database)).openUploadStream('')
  await pipeline([bytes], upload)
  await client
    .db(database)
    .collection('fs.files')
    .updateOne({ _id: upload.id }, { $unset: { filename: 1, metadata: 1 } })
  await client.close()
  return upload.id.toHexString()
}

/** Takes the last chunk of such a file away. */
export async function damageOriginal(server: string, database: 'videos' | 'mp3s', id: string) {
  const client = new MongoClient(server)
  const chunks = client.db(database).collection('fs.chunks')
  await chunks.findOneAndDelete({ files_id: new ObjectId(id) }, { sort: { n: -1 } })
  await client.close()
}
