import type { CompiledQuery, DatabaseConnection, Dialect, Driver, TransactionSettings } from 'kysely'
import { sqlError } from './sql-error.ts'

/**
 * A dialect whose failures may cross a room: every call is caught and told as an AppError. `prepare` may change a
 * statement before it is sent.
 */
export function speaking(dialect: Dialect, prepare = (query: CompiledQuery) => query): Dialect {
  return {
    createDriver: () => new ServerDriver(dialect.createDriver(), prepare),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}

class ServerDriver implements Driver {
  readonly #driver: Driver
  readonly #prepare: (query: CompiledQuery) => CompiledQuery
  /** The driver's own connection behind each that was given out. */
  readonly #behind = new WeakMap<DatabaseConnection, DatabaseConnection>()

  constructor(driver: Driver, prepare: (query: CompiledQuery) => CompiledQuery) {
    this.#driver = driver
    this.#prepare = prepare
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const own = await told(this.#driver.acquireConnection())
    const given: DatabaseConnection = {
      executeQuery: (query) => told(own.executeQuery(this.#prepare(query))),
      streamQuery: (query, chunkSize) => own.streamQuery(query, chunkSize),
    }
    this.#behind.set(given, own)
    return given
  }

  init = () => told(this.#driver.init())
  destroy = () => this.#driver.destroy()
  releaseConnection = (given: DatabaseConnection) => this.#driver.releaseConnection(this.#own(given))
  beginTransaction = (given: DatabaseConnection, settings: TransactionSettings) =>
    told(this.#driver.beginTransaction(this.#own(given), settings))
  commitTransaction = (given: DatabaseConnection) => told(this.#driver.commitTransaction(this.#own(given)))
  rollbackTransaction = (given: DatabaseConnection) =>
    told(this.#driver.rollbackTransaction(this.#own(given)))

  #own(given: DatabaseConnection): DatabaseConnection {
    return this.#behind.get(given) ?? given
  }
}

async function told<T>(deed: Promise<T>): Promise<T> {
  try {
    return await deed
  } catch (cause) {
    throw sqlError(cause)
  }
}
