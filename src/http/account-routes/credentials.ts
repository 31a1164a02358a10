import { AppError } from '../../domain/errors.ts'

/** E-mail and password of a JSON body; CREDENTIALS_MISSING unless both are texts with something in them. */
export function jsonCredentials(body: unknown): { email: string; password: string } {
  const email = textOf(body, 'email')
  const password = textOf(body, 'password')
  if (!email?.trim() || !password) throw new AppError('CREDENTIALS_MISSING')
  return { email, password }
}

function textOf(body: unknown, key: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const value: unknown = Reflect.get(body, key)
  return typeof value === 'string' ? value : undefined
}
