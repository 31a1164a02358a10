/** What the meter says at the end of a run: EBU R128, integrated loudness in LUFS, true peak in dBFS; null for silence. */
export function readLoudness(log: readonly string[]): { integrated: number; truePeak: number } | null {
  const text = log.join('\n')
  const summary = text.slice(text.lastIndexOf('Summary:'))
  const integrated = Number(/\bI:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1])
  const truePeak = Number(/\bPeak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1])
  return Number.isFinite(integrated) && Number.isFinite(truePeak) ? { integrated, truePeak } : null
}
