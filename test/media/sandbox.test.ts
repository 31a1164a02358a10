import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { engineModule } from '../../src/media/ffmpeg/module.ts'
import { longWav } from '../support/make-media.ts'
import { launch, PROGRAM } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('media is parsed in WebAssembly only', () => {
  it('the engine finds no file of this machine', async () => {
    const probe = new Worker(new URL('./sandbox-probe.ts', import.meta.url), {
      workerData: { module: await engineModule(), file: join(process.cwd(), 'package.json') },
    })
    const found: unknown = await new Promise((resolve, reject) => {
      probe.once('message', resolve)
      probe.once('error', reject)
      probe.once('exit', () => reject(new Error('the thread ended')))
    })
    await probe.terminate()
    expect(found).toEqual({ mounted: ['MEMFS'], outside: [] })
  })

  it.runIf(existsSync('/proc/self/task'))(
    'a conversion starts no process and opens no connection',
    async () => {
      const folder = await temporaryFolder()
      const args = [PROGRAM, 'convert', await longWav(5), '-o', join(folder, 'out.mp3')]
      const program = launch(process.execPath, args)
      const seen = { children: new Set<string>(), sockets: new Set<string>(), looks: 0 }
      let isRunning = true
      const exit = program.exit.finally(() => {
        isRunning = false
      })
      while (isRunning) {
        look(program.pid, seen)
        await pause(20)
      }
      expect(await exit).toMatchObject({ code: 0 })
      expect(seen.looks).toBeGreaterThan(5)
      expect([...seen.children, ...seen.sockets]).toEqual([])
    },
  )
})

/** What a process has of its own in this moment; it may be gone in the next. */
function look(pid: number, seen: { children: Set<string>; sockets: Set<string>; looks: number }): void {
  try {
    for (const task of readdirSync(`/proc/${pid}/task`))
      for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter(Boolean))
        seen.children.add(child)
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`)
      if (target.startsWith('socket:') && Number(fd) > 2) seen.sockets.add(target)
    }
    seen.looks++
  } catch {}
}
