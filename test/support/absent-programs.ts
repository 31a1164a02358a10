import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Which of these programs are not on this PATH. */
export function absentPrograms(path: string, ...names: string[]): readonly string[] {
  const folders = path.split(delimiter)
  return names.filter((name) => !folders.some((folder) => isProgram(join(folder, name))))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
