import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { converted, newPerson } from '../test/support/client.ts'
import { freePort } from '../test/support/free-port.ts'
import { launch, ROOT, run } from '../test/support/program.ts'
import { inSeconds, type Row, secondsOf, share } from './measure.ts'
import { answers } from './start.ts'

const AIM = 60

/** A clone of what is committed, `npm start`, and the first MP3: what a newcomer waits for. */
export async function benchFresh(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-fresh-'))
  const seconds = await secondsOf(() => firstMp3(folder))
  await rm(folder, { recursive: true, force: true })
  return [
    {
      what: 'fresh clone to first MP3',
      value: inSeconds(seconds),
      against: `< ${AIM} s`,
      ratio: share(seconds, AIM),
    },
  ]
}

async function firstMp3(folder: string): Promise<void> {
  const cloned = await run('git', ['clone', '--quiet', ROOT, folder])
  if (cloned.code !== 0) throw new Error(cloned.err)
  const port = await freePort()
  const program = launch('npm', ['start'], { cwd: folder, env: newcomersEnv(port), group: true })
  try {
    const url = `http://127.0.0.1:${port}`
    await answers(`${url}/readyz`)
    const made = await converted(await newPerson(url), join(folder, 'samples/hello.mkv'))
    if (made.state !== 'done') throw new Error(`the conversion ended ${made.state}`)
  } catch (cause) {
    throw new Error(program.lines.join('\n'), { cause })
  } finally {
    program.signal('SIGTERM')
    await program.exit
  }
}

/** The environment as it is, for npm's own settings, without what this checkout has put on PATH. */
function newcomersEnv(port: number): Record<string, string> {
  const env = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
  return { ...Object.fromEntries(env), PATH: path.join(delimiter), PORT: `${port}` }
}
