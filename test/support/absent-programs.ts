import { delimiter, join } from 'node:path'
import { isExecutable } from './backends/own-server.ts'

/** Which of these programs are not on this PATH. */
export function absentPrograms(path: string, ...names: string[]): readonly string[] {
  const folders = path.split(delimiter)
  return names.filter((name) => !folders.some((folder) => isExecutable(join(folder, name))))
}
