/** Cleanups, run last-in first-out: all of them run, each within the deadline, failures are told together. */
export class Closers {
  readonly #stack: { name: string; close: () => Promise<unknown> | unknown }[] = []
  #closing: Promise<void> | undefined

  /** Whoever opens something registers its closing here, in the same breath. */
  add(name: string, close: () => Promise<unknown> | unknown): void {
    this.#stack.push({ name, close })
  }

  /** May be called twice and at once; callers share one promise. `deadline` is in milliseconds per cleanup. */
  closeAll(deadline = 10_000): Promise<void> {
    this.#closing ??= this.#run(deadline)
    return this.#closing
  }

  async #run(deadline: number): Promise<void> {
    const failures: Error[] = []
    for (let entry = this.#stack.pop(); entry; entry = this.#stack.pop()) {
      try {
        await withDeadline(Promise.resolve(entry.close()), deadline)
      } catch (cause) {
        failures.push(new Error(`closing ${entry.name} failed`, { cause }))
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'shutdown was not clean')
  }
}

/** Rejects when `work` has not settled after `milliseconds`; the work itself goes on. */
export async function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  late: () => Error = () => new Error(`not finished after ${milliseconds} ms`),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds)
  })
  try {
    return await Promise.race([work, end])
  } finally {
    clearTimeout(timer)
  }
}
