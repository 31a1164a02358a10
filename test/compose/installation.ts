import { readFile } from 'node:fs/promises'
import { freePort } from '../support/free-port.ts'
import { buildStandIns } from '../support/images.ts'
import { isReady } from '../support/is-ready.ts'
import { type Env, ROOT } from '../support/program.ts'
import { until } from '../support/wait.ts'
import { lastWords, podman, productImage } from './podman.ts'
import { openProject } from './project.ts'

const FILE = 'deploy/compose.yaml'
const SERVICES = ['gateway', 'auth', 'converter', 'notification'] as const
/** What profiles bring: Debian's podman-compose knows none, so the services are named. */
const PROFILES = { default: [], s3: ['minio'], 'mysql,s3': ['mysql', 'minio'] } as const
type Profile = keyof typeof PROFILES

/** compose.yaml, brought up. */
export interface Installation {
  readonly url: string
  /** Brings it up with this profile, or up again with another; resolves when the gateway is ready. */
  up(profile: Profile): Promise<void>
  /** Ends it; what it keeps stays. */
  down(): Promise<void>
  /** Runs a program in the container of a service; its stdout. */
  exec(service: string, ...command: readonly string[]): Promise<string>
  /** Runs the health check of every container that is up; the names of those that fail. */
  unhealthy(): Promise<readonly string[]>
  /** Removes its containers, networks and volumes. */
  remove(): Promise<void>
}

/** Builds the images that compose.yaml names; nothing is up yet. */
export async function install(): Promise<Installation> {
  await buildImages(FILE)
  const { compose, nameOf, containers, remove } = openProject(FILE)
  const [port, s3Port] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const variables = {
    PORT: `${port}`,
    PUBLIC_URL: url,
    S3_PORT: `${s3Port}`,
    S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${s3Port}`,
  }
  return {
    url,
    async up(profile) {
      const chosen: Env = profile === 'default' ? variables : { ...variables, COMPOSE_PROFILES: profile }
      await compose(chosen, 'up', '--detach', '--no-build', ...SERVICES, ...PROFILES[profile])
      await until('the gateway is ready', () => isReady(url), 240_000).catch(async (error: unknown) => {
        const said = await Promise.all((await containers()).map(lastWords))
        throw new Error(`${error}\n${said.join('\n')}`)
      })
    },
    down: () => compose(variables, 'down', '--timeout', '30'),
    exec: (service, ...command) => podman('exec', nameOf(service), ...command),
    async unhealthy() {
      const failing: string[] = []
      // One after another: each is a process of its own with seconds to answer.
      for (const name of await containers('--filter', 'status=running'))
        await podman('healthcheck', 'run', name).catch(() => failing.push(name))
      return failing
    },
    remove,
  }
}

/** Builds what a file of compose names: the product, and stand-ins for images of registries. */
export async function buildImages(file: string): Promise<void> {
  const text = await readFile(`${ROOT}${file}`, 'utf8')
  const images = [...text.matchAll(/image: (docker\.io\S+)/g)].map(([, image = '']) => image)
  await Promise.all([productImage(), buildStandIns(images)])
}
