import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Which of these programs are not on PATH. */
export function absentPrograms(...names: string[]): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
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
