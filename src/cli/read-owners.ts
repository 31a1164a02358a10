import { readFile } from 'node:fs/promises'
import { AppError, type FieldError } from '../domain/errors.ts'
import { parseEmail } from '../domain/user.ts'
import { isId } from '../kit/ids.ts'

/**
 * E-mail addresses by file id, from lines `file id,email`; a first line without an address is a heading. INPUT_NOT_FOUND,
 * REQUEST_INVALID with every line that is none.
 */
export async function readOwners(path: string): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, string>()
  const mistakes: FieldError[] = []
  for (const [index, line] of (await linesOf(path)).entries()) {
    if (line === '' || (index === 0 && !line.includes('@'))) continue
    const [id = '', email = ''] = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    if (isId(id.toLowerCase()) && isEmail(email)) owners.set(id.toLowerCase(), email)
    else mistakes.push({ field: `line ${index + 1}`, text: 'is not: file id,email' })
  }
  if (mistakes.length === 0) return owners
  throw new AppError('REQUEST_INVALID', `${path} can not be understood`, { errors: mistakes })
}

async function linesOf(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '').split(/\r?\n/)
  } catch (cause) {
    throw new AppError('INPUT_NOT_FOUND', `${path} can not be read`, { cause })
  }
}

function isEmail(text: string): boolean {
  try {
    return parseEmail(text) === text
  } catch {
    return false
  }
}
