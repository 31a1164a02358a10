import type { Mp3Settings } from './settings.ts'

/** How LAME's own program would be told the same, for the receipt. */
export const lameOptions = ({ bitrate, isAverage, quality }: Mp3Settings): readonly string[] =>
  bitrate === null
    ? ['lame', '-V', `${quality ?? 4}`]
    : ['lame', isAverage ? '--abr' : '-b', `${bitrate / 1000}`]
