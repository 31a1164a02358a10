import { isUniqueViolation } from './sql-error.ts'

/** Runs a transaction again, up to `times`, when another added in between what it was adding: then it finds that. */
export async function anew<T>(times: number, transaction: () => Promise<T>): Promise<T> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await transaction()
    } catch (error) {
      if (!isUniqueViolation(error) || conflicts >= times) throw error
    }
  }
}
