import { AppError } from '../../../domain/errors.ts'
import type { Bound } from '../parts.ts'

/** Places for uploads in this process. `take` gives back how to leave; TOO_MANY_UPLOADS, UPLOADS_BUSY. */
export function createPlaces({ inAll, each }: Bound): { take(person: string): () => void } {
  const taken = new Map<string, number>()
  let all = 0
  return {
    take(person) {
      const own = taken.get(person) ?? 0
      if (own >= each) throw new AppError('TOO_MANY_UPLOADS')
      if (all >= inAll) throw new AppError('UPLOADS_BUSY')
      all += 1
      taken.set(person, own + 1)
      return () => {
        all -= 1
        const left = (taken.get(person) ?? 1) - 1
        if (left > 0) taken.set(person, left)
        else taken.delete(person)
      }
    },
  }
}
