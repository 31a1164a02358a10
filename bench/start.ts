import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../test/support/free-port.ts'
import { launch, PROGRAM } from '../test/support/program.ts'
import { inMb, inSeconds, MB, median, type Row, restingBytes, share } from './measure.ts'

const TURNS = 7
const READY_AIM = 1.5
const IDLE_AIM = 150 * MB

/** From the start of the process to the first good /readyz, and what it holds in memory when nothing happens. */
export async function benchStart(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-bench-'))
  const seconds: number[] = []
  const idle: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const port = await freePort()
    const env = { DATA_DIR: folder, PORT: `${port}` }
    const start = performance.now()
    const program = launch(process.execPath, [PROGRAM, 'serve'], { env })
    await answers(`http://127.0.0.1:${port}/readyz`)
    seconds.push((performance.now() - start) / 1000)
    if (turn >= TURNS - 2) idle.push(await restingBytes(program.pid))
    program.signal('SIGTERM')
    await program.exit
  }
  await rm(folder, { recursive: true })
  const [ready, resting] = [median(seconds), median(idle)]
  return [
    {
      what: 'start to ready',
      value: inSeconds(ready),
      against: `≤ ${READY_AIM} s`,
      ratio: share(ready, READY_AIM),
    },
    {
      what: 'idle memory, all four services',
      value: inMb(resting),
      against: `≤ ${inMb(IDLE_AIM)}`,
      ratio: share(resting, IDLE_AIM),
    },
  ]
}

/** Waits for a 200, asking every 5 ms. */
export async function answers(url: string, milliseconds = 120_000): Promise<void> {
  const deadline = performance.now() + milliseconds
  while (performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await pause(5)
  }
  throw new Error(`${url} does not answer`)
}
