/**
 * The sizes with CHAOS=long, else what fits into a gate: about a fifth. Times in milliseconds; `minutes` of sound take
 * several leases to convert, on fast machines too.
 */
export const PLAN =
  process.env['CHAOS'] === 'long'
    ? {
        uploads: 200,
        kills: 15,
        outage: 120_000,
        restarts: 5,
        good: 200,
        backlog: 1_000,
        lease: 30_000,
        minutes: 400,
      }
    : {
        uploads: 40,
        kills: 5,
        outage: 15_000,
        restarts: 2,
        good: 40,
        backlog: 200,
        lease: 6_000,
        minutes: 120,
      }

export const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9))
console.log(`CHAOS_SEED=${SEED}`)

let state = SEED

/** The next number in [0, 1): mulberry32, so that a run can be repeated. */
export function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

export function pick<T>(from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)]
  if (picked === undefined) throw new Error('there is nothing to pick from')
  return picked
}

export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
