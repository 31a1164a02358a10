/** Positions kept at most; a number that a percentage falls close enough on. */
const MAX = 1024

/** Remembers where frames lie, in bounded memory: when full, every second is forgotten. */
export function createSeekTable() {
  let positions: number[] = []
  let step = 1
  let frames = 0

  return {
    /** The next frame begins at `position`. */
    add(position: number): void {
      if (frames++ % step !== 0) return
      positions.push(position)
      if (positions.length < MAX) return
      positions = positions.filter((_, place) => place % 2 === 0)
      step *= 2
    },
    /** The 100 entries of a Xing tag: where n % of the time lie, in 256ths of `size` bytes, `before` of them in front. */
    toc(size: number, before: number): Uint8Array {
      return Uint8Array.from({ length: 100 }, (_, percent) => {
        const frame = Math.floor((percent * frames) / 100)
        const position = positions[Math.floor(frame / step)] ?? 0
        return Math.min(255, Math.floor((256 * (before + position)) / size))
      })
    },
  }
}
