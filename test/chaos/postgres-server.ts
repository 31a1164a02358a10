import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/wait.ts'
import type { OwnServer } from './servers.ts'

const DEBIAN = '/usr/lib/postgresql'
const START = 30_000

/** A PostgreSQL on a folder and a port of its own. */
export async function startPostgres(): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-postgres-'))
  const user = postgresUser()
  if (user) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const make = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(command('initdb'), make, { ...user, cwd: folder, stdio: 'ignore' })

  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const address = ['-h', '127.0.0.1', '-p', `${port}`, '-c', 'unix_socket_directories=']
  let server: ChildProcess | undefined
  const end = () => void server?.kill('SIGQUIT')
  process.once('exit', end)

  const startAgain = async () => {
    server = spawn(command('postgres'), ['-D', data, ...address], { ...user, cwd: folder, stdio: 'ignore' })
    await until('PostgreSQL answers', async () => (await ask(url, 'select 1')) || undefined, START)
  }
  /** What its manual calls immediate: nothing is written down, as in a power cut, but no child is left behind. */
  const kill = async () => {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    end()
    await ended
  }
  const stop = async () => {
    await kill()
    process.off('exit', end)
    await rm(folder, { recursive: true, force: true })
  }
  await startAgain()
  return { url, kill, startAgain, stop }
}

/** True when the server took a statement. */
export async function ask(url: string, statement: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(statement)
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function command(name: string): string {
  const newest = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))[0]
  return join(DEBIAN, newest ?? '', 'bin', name)
}

/** The server refuses to run as root. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
