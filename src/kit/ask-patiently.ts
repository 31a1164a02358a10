import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from './logger.ts'
import { createReminder } from './reminder.ts'

const FIRST_PAUSE = 250
const LONGEST_PAUSE = 5_000
/** Long enough for a server that is started beside us, milliseconds. */
const PATIENCE = 60_000

/** How long to ask, and what for. */
export interface Patience {
  readonly logger: Logger
  /** Milliseconds until what does not come is an error; 0: it is one at once, and nothing is said. */
  readonly patience?: number | undefined
  /** May waiting mend it? */
  readonly mayPass: (error: unknown) => boolean
}

/** Asks until there is an answer; the log says what is missing, and when it is there. Fails as the last try did. */
export async function askPatiently<T>(ask: () => Promise<T>, options: Patience): Promise<T> {
  const { logger, patience = PATIENCE, mayPass } = options
  const deadline = performance.now() + patience
  const remind = createReminder((reason) => logger.warn(`waiting: ${reason}`))
  for (let failures = 0; ; failures++) {
    try {
      const answer = await ask()
      if (failures > 0) logger.info('what was waited for is there')
      return answer
    } catch (error) {
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.5 + Math.random() / 2)
      if (!mayPass(error) || performance.now() + pause > deadline) throw error
      remind(error instanceof Error ? error.message : String(error))
      await delay(pause)
    }
  }
}
