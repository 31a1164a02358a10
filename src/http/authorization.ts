import { AppError } from '../domain/errors.ts'

/** The token of an Authorization header: scheme in any case, any number of spaces. TOKEN_MISSING, AUTHORIZATION_MALFORMED. */
export function bearerToken(header: string | undefined): string {
  if (!header?.trim()) throw new AppError('TOKEN_MISSING')
  const token = credentialsOf(header, 'bearer')
  if (token === undefined) throw new AppError('AUTHORIZATION_MALFORMED')
  return token
}

/** E-mail and password of HTTP Basic (RFC 7617, UTF-8); CREDENTIALS_MISSING. The password may hold colons. */
export function basicCredentials(header: string | undefined): { email: string; password: string } {
  const [, email, password] =
    /^([^:]*):(.*)$/s.exec(decoded(credentialsOf(header ?? '', 'basic') ?? '')) ?? []
  if (email === undefined || password === undefined) throw new AppError('CREDENTIALS_MISSING')
  return { email, password }
}

function credentialsOf(header: string, scheme: string): string | undefined {
  const [given, credentials, ...more] = header.trim().split(/\s+/)
  return given?.toLowerCase() === scheme && more.length === 0 ? credentials : undefined
}

const decoded = (base64: string) => Buffer.from(base64, 'base64').toString()
