import type { Conversion } from '../../domain/conversion.ts'
import type { Logger } from '../../kit/logger.ts'

export interface WorkTaker {
  /** Claims until the slots are full or nothing is due. Returns at once. */
  look(): void
  /** Claims nothing from now on. */
  stop(): void
  /** Resolves when no claim and no attempt is under way. */
  idle(): Promise<void>
}

export interface TakeWorkOptions {
  readonly slots: number
  readonly claim: () => Promise<Conversion | null>
  /** One attempt, to its end; never rejects. */
  readonly run: (conversion: Conversion) => Promise<void>
  /** Told after each look whether a message is of use now. */
  readonly onFull: (full: boolean) => void
  readonly logger: Logger
}

/** Fills the slots with due conversions, whoever says that there may be some: a message, a free slot, a sweep, the start. */
export function createTakeWork({ slots, claim, run, onFull, logger }: TakeWorkOptions): WorkTaker {
  const running = new Set<Promise<void>>()
  let wanted = false
  let stopped = false
  let looking: Promise<void> | undefined

  const begin = (conversion: Conversion) => {
    const attempt = run(conversion).finally(() => {
      running.delete(attempt)
      look()
    })
    running.add(attempt)
  }
  const takeAll = async () => {
    while (wanted && !stopped && running.size < slots) {
      wanted = false // whoever asks during the claim gets another look
      const conversion = await claim()
      if (!conversion) continue
      wanted = true
      begin(conversion)
    }
  }
  const look = () => {
    wanted = true
    looking ??= takeAll()
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'work can not be claimed; the sweep tries again'),
      )
      .finally(() => {
        looking = undefined
        if (stopped) return
        const full = running.size >= slots
        onFull(full)
        if (wanted && !full) look() // asked for while the last claim came back empty
      })
  }
  return {
    look,
    stop() {
      stopped = true
    },
    async idle() {
      while (looking || running.size > 0) {
        await looking
        await Promise.all(running)
      }
    },
  }
}
