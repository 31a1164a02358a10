import type { Examine } from '../../ports/examination.ts'

/** What HS256 asks for (RFC 7518, 3.2). */
const SECRET_BYTES = 32

/** JWT_SECRET; null: none was made yet. */
export const examineSecret: Examine<string | null> = async (secret, found) => {
  if (secret === null) {
    found.fact('made at the first start')
    return
  }
  const bytes = Buffer.byteLength(secret)
  const mend = 'Take `openssl rand -hex 32` for every service at once; all log in anew.'
  if (bytes >= SECRET_BYTES) found.fact(`${bytes} bytes`)
  else found.warn(`it has ${bytes} bytes, and can be guessed`, mend)
}
