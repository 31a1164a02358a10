import { SingleBar } from 'cli-progress'

/** How far one file has come: a bar on a terminal, nothing elsewhere. */
export function showProgress(name: string): { update(progress: number): void; end(): void } {
  const bar = process.stdout.isTTY
    ? new SingleBar({
        format: `${name} {bar} {percentage}% {eta_formatted} left`,
        clearOnComplete: true,
        hideCursor: true,
      })
    : undefined
  bar?.start(100, 0)
  return {
    update: (progress) => bar?.update(Math.floor(progress * 100)),
    end: () => bar?.stop(),
  }
}
