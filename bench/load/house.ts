import { newPerson, type Person, upload } from '../../test/support/client.ts'
import { media } from '../../test/support/make-media.ts'
import type { Env } from '../../test/support/program.ts'
import { type Server, startServer } from '../../test/support/server.ts'
import { secondsOf } from '../measure.ts'
import { untilDone } from '../media/convert.ts'

/** A server that is loaded, and how much it manages. */
export interface House {
  readonly server: Server
  /** What is brought: 20 s of video. */
  readonly file: string
  /** Conversions per second when there is always one waiting. */
  readonly capacity: number
}

/** No setting but the defaults. */
export const AS_IT_COMES = () => ({})

const BATCH = 12
const LENGTH = 20

/** Starts a server, finds out what it manages, starts it with these settings, and removes it behind the deed. */
export async function inHouse<T>(
  envFor: (capacity: number) => Env,
  deed: (house: House) => Promise<T>,
): Promise<T> {
  let server = await startServer()
  try {
    const file = await media('mkv', LENGTH)
    const person = await newPerson(server.url)
    await batch(person, file, 2)
    const capacity = BATCH / (await secondsOf(() => batch(person, file, BATCH)))
    console.error(`capacity: ${capacity.toFixed(2)} conversions a second`)
    await server.stop()
    server = await server.again(envFor(capacity))
    return await deed({ server, file, capacity })
  } finally {
    await server.remove()
  }
}

async function batch(person: Person, file: string, count: number): Promise<void> {
  const brought = await Promise.all(Array.from({ length: count }, () => upload(person, file)))
  for (const { conversionId } of brought) await untilDone(person, conversionId)
}
