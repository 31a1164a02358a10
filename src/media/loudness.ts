/** EBU R128: integrated loudness in LUFS, true peak in dBFS. */
export interface Loudness {
  readonly integrated: number
  readonly truePeak: number
}

/** What the meter says at the end of a run; null for silence. `known`: the true peak, where others looked for it. */
export function readLoudness(log: readonly string[], known?: number): Loudness | null {
  const text = log.join('\n')
  const summary = text.slice(text.lastIndexOf('Summary:'))
  const integrated = Number(/\bI:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1])
  const told = Number(/\bPeak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1])
  const truePeak = known === undefined ? told : Math.round(10 * known) / 10
  return Number.isFinite(integrated) && Number.isFinite(truePeak) ? { integrated, truePeak } : null
}
