import type { Logger } from './logger.ts'

export interface WorkTaker {
  /** Claims until the slots are full or nothing is due. Returns at once. */
  look(): void
  /** Claims nothing from now on. */
  stop(): void
  /** Resolves when no claim and no piece of work is under way. */
  idle(): Promise<void>
}

export interface TakeWorkOptions<Work> {
  readonly slots: number
  readonly claim: () => Promise<Work | null>
  /** One piece of work, to its end; never rejects. It may say `free` when what is left to do needs no slot. */
  readonly run: (work: Work, free: () => void) => Promise<void>
  /** Told after each look whether another is of use now. */
  readonly onFull?: (full: boolean) => void
  readonly logger: Logger
}

/** Fills the slots with due work, whoever says that there may be some: a message, a free slot, a sweep, the start. */
export function createTakeWork<Work>({
  slots,
  claim,
  run,
  onFull,
  logger,
}: TakeWorkOptions<Work>): WorkTaker {
  const running = new Set<Promise<void>>()
  let taken = 0
  let wanted = false
  let stopped = false
  let looking: Promise<void> | undefined

  const begin = (work: Work) => {
    let isFree = false
    const free = () => {
      if (isFree) return
      isFree = true
      taken--
      look()
    }
    taken++
    const done = run(work, free).finally(() => {
      running.delete(done)
      if (isFree) look()
      else free()
    })
    running.add(done)
  }
  /** What goes on without a slot is bounded as well. */
  const isFull = () => taken >= slots || running.size >= 2 * slots
  const takeAll = async () => {
    while (wanted && !stopped && !isFull()) {
      wanted = false // whoever asks during the claim gets another look
      const work = await claim()
      if (!work) continue
      wanted = true
      begin(work)
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
        const full = isFull()
        onFull?.(full)
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
