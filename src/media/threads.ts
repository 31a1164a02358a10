interface Part {
  /** Ends at once, whatever is being done. */
  terminate(): Promise<void>
  /** Its work is done, and well: what it worked with may be used again. */
  release?(): void
}

/** Whatever of a conversion runs in threads: none of it outlives the job. */
export interface Threads {
  /** One more; when the job has ended meanwhile, it ends too. */
  add<T extends Part>(each: T): T
  /** The job ends. Threads are left to others only where it ended well. */
  end(isWell: boolean): Promise<void>
}

export function createThreads(): Threads {
  const all: Part[] = []
  let ended = false
  return {
    add(each) {
      all.push(each)
      if (ended) void each.terminate()
      return each
    },
    async end(isWell) {
      ended = true
      await Promise.all(all.map((each) => (isWell && each.release ? each.release() : each.terminate())))
    },
  }
}

/** Does a job and ends its threads with it. */
export async function withThreads<T>(job: (threads: Threads) => Promise<T>): Promise<T> {
  const threads = createThreads()
  let isWell = false
  try {
    const result = await job(threads)
    isWell = true
    return result
  } finally {
    await threads.end(isWell)
  }
}
