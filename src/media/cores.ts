/** A conversion's part of the machine's cores. */
export interface Share {
  /** Calls back with how many encoders it may run: at once, and whenever that changes. */
  watch(onChange: (lanes: number) => void): void
  /** Gives its part back to the others: the conversion has ended. */
  terminate(): Promise<void>
}

/** The cores of the machine, shared among the conversions that run on it. */
export interface Cores {
  readonly total: number
  /** A conversion begins: everybody's part shrinks. */
  join(): Share
}

/** One conversion has all cores; many have one encoder each; in between the eldest get what does not come out even. */
export function createCores(total: number): Cores {
  const members = new Set<(lanes: number) => void>()
  const share = () => {
    const [each, rest] = [Math.floor(total / members.size), total % members.size]
    for (const [place, tell] of [...members].entries()) tell(Math.max(1, each + (place < rest ? 1 : 0)))
  }
  return {
    total,
    join() {
      let tell: (lanes: number) => void = () => {}
      let lanes = 0
      const member = (count: number) => {
        if (count === lanes) return
        lanes = count
        tell(lanes)
      }
      members.add(member)
      share()
      return {
        watch(onChange) {
          tell = onChange
          tell(lanes)
        },
        async terminate() {
          members.delete(member)
          if (members.size > 0) share()
        },
      }
    },
  }
}
