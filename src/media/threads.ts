interface Ending {
  /** Ends at once, whatever is being done. */
  terminate(): Promise<void>
}

/** Whatever of a conversion runs in threads: none of it outlives the job. */
export interface Threads {
  /** One more; when the job has ended meanwhile, it ends too. */
  add<T extends Ending>(each: T): T
  end(): Promise<void>
}

export function createThreads(): Threads {
  const all: Ending[] = []
  let ended = false
  return {
    add(each) {
      all.push(each)
      if (ended) void each.terminate()
      return each
    },
    async end() {
      ended = true
      await Promise.all(all.map((each) => each.terminate()))
    },
  }
}
