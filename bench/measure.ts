import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** One line of the table. */
export interface Row {
  readonly what: string
  readonly value: string
  /** What it is held against: a rival in the same run, or the aim. */
  readonly against: string
  readonly ratio: string
}

/** Seconds that a deed takes. */
export async function secondsOf(deed: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await deed()
  return (performance.now() - start) / 1000
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length % 2 ? middle : middle - 1],
    sorted[middle],
  ]
  return (low + high) / 2
}

/** Resident bytes of a process and all its children, from /proc; NaN where there is none. */
export function residentBytes(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + residentBytes(Number(child)), Number(kilobytes) * 1024)
  } catch {
    return Number.NaN
  }
}

/** The most resident bytes of a process while a deed is done. */
export async function peakDuring(pid: number, deed: () => Promise<unknown>): Promise<number> {
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid) || 0)
  }, 50)
  await deed().finally(() => clearInterval(look))
  return Math.max(peak, residentBytes(pid) || 0)
}

/** Resident bytes once a process has come to rest: the least of two seconds. */
export async function restingBytes(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 20; turn++) {
    await pause(100)
    least = Math.min(least, residentBytes(pid))
  }
  return least
}

export const MB = 1024 * 1024
export const inMb = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`
export const inSeconds = (seconds: number) => `${seconds.toFixed(2)} s`
export const share = (value: number, other: number) => `${(value / other).toFixed(2)}x`
