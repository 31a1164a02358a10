import { setTimeout as pause } from 'node:timers/promises'
import type { Role } from './actor.ts'
import type { Cast } from './cast.ts'
import { pick, random, shuffled } from './plan.ts'
import type { Servers } from './servers.ts'

const VICTIMS: readonly (Role | 'broker')[] = ['gateway', 'auth', 'converter', 'notification', 'broker']

/** Kills by `kill -9`, one after another: each kind of process and the broker equally often, in random order. */
export async function storm(cast: Cast, { rabbitmq }: Servers, kills: number): Promise<void> {
  const rounds = Array.from({ length: Math.ceil(kills / VICTIMS.length) }, () => shuffled(VICTIMS))
  for (const victim of rounds.flat().slice(0, kills)) {
    await pause(500 + random() * 2_000)
    if (victim === 'broker') {
      await rabbitmq.kill()
      await pause(random() * 2_000)
      await rabbitmq.startAgain()
      continue
    }
    const actor = pick(cast.of(victim))
    await actor.kill()
    await pause(random() * 2_000)
    actor.start()
  }
}
