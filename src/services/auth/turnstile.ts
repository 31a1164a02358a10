/** Runs what is handed to it, at most `places` at once; the others wait in order. */
export function createTurnstile(places: number): <T>(deed: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = places

  return async (deed) => {
    if (free > 0) free -= 1
    else await new Promise<void>((enter) => waiting.push(enter))
    try {
      return await deed()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
