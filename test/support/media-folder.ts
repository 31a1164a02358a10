import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names the folder to the processes that run the tests. */
const VARIABLE = 'SOUNDLIFT_TEST_MEDIA'

/** The folder of the media files that were made for this run: each is made once. Outside of a test run a new one. */
export function mediaFolder(): string {
  process.env[VARIABLE] ??= mkdtempSync(join(tmpdir(), 'soundlift-media-'))
  return process.env[VARIABLE]
}

/** Vitest's global setup: makes the folder; what it returns removes it when all tests have ended. */
export default function openMediaFolder(): () => void {
  const folder = mediaFolder()
  return () => rmSync(folder, { recursive: true, force: true })
}
