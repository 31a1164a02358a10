import { setTimeout as pause } from 'node:timers/promises'
import { conversion, type Person } from '../../test/support/client.ts'
import { PROGRAM, run } from '../../test/support/program.ts'

/** `soundlift convert`, the start of Node included. */
export async function convert(input: string, output: string, ...options: readonly string[]): Promise<void> {
  const args = [PROGRAM, 'convert', '-y', '-o', output, ...options, input]
  const { code, err } = await run(process.execPath, args)
  if (code !== 0) throw new Error(err)
}

/** Asks a server again and again: every 10 ms, where that is not part of what is measured. */
export async function untilDone(person: Person, id: string, every = 10): Promise<void> {
  for (;;) {
    const { state } = await conversion(person, id)
    if (state === 'done') return
    if (state === 'failed') throw new Error('the conversion failed')
    await pause(every)
  }
}
