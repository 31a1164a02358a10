import { readFile } from 'node:fs/promises'
import { freePort } from '../support/free-port.ts'
import { buildStandIn } from '../support/images.ts'
import { ROOT } from '../support/program.ts'
import { succeed, tools } from '../support/tools.ts'
import { until } from '../support/wait.ts'
import { lastWords, podman, productImage } from './podman.ts'

const FILE = 'deploy/compose.yaml'
const PROJECT = `soundlift-test-${process.pid}`
const SERVICES = ['gateway', 'auth', 'converter', 'notification'] as const
/** What a profile brings: Debian's podman-compose knows no profiles, so its services are named. */
const PROFILES = { default: [], mysql: ['mysql'], s3: ['minio'] } as const
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
  await buildImages()
  const [port, s3Port] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const variables = {
    ...(await tools()),
    PORT: `${port}`,
    PUBLIC_URL: url,
    S3_PORT: `${s3Port}`,
    S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${s3Port}`,
  }
  const compose = (profile: Profile, ...args: readonly string[]) =>
    succeed('podman-compose', ['--project-name', PROJECT, '--file', FILE, ...args], {
      env: { ...variables, ...(profile === 'default' ? {} : { COMPOSE_PROFILES: profile }) },
    })
  const containers = (...filters: readonly string[]) => namesOf('ps', '--all', ...filters)
  return {
    url,
    async up(profile) {
      await compose(profile, 'up', '--detach', '--no-build', ...SERVICES, ...PROFILES[profile])
      await until('the gateway is ready', () => isReady(url), 90_000).catch(async (error: unknown) => {
        const said = await Promise.all(SERVICES.map((service) => lastWords(nameOf(service))))
        throw new Error(`${error}\n${said.join('\n')}`)
      })
    },
    down: async () => void (await compose('default', 'down', '--timeout', '30')),
    exec: (service, ...command) => podman('exec', nameOf(service), ...command),
    async unhealthy() {
      const names = await containers('--filter', 'status=running')
      const checks = names.map((name) => podman('healthcheck', 'run', name))
      const results = await Promise.allSettled(checks)
      return names.filter((_name, index) => results[index]?.status === 'rejected')
    },
    async remove() {
      for (const name of await containers()) await podman('rm', '--force', '--ignore', '--time=1', name)
      for (const name of await namesOf('volume', 'ls')) await podman('volume', 'rm', '--force', name)
      for (const name of await namesOf('network', 'ls')) await podman('network', 'rm', '--force', name)
    },
  }
}

const nameOf = (service: string) => `${PROJECT}_${service}_1`

/** Names of what podman lists and podman-compose made. */
async function namesOf(...list: readonly string[]): Promise<readonly string[]> {
  const [format, label] = [list[0] === 'ps' ? '{{.Names}}' : '{{.Name}}', 'io.podman.compose.project']
  const said = await podman(...list, '--filter', `label=${label}=${PROJECT}`, '--format', format)
  return said.split('\n').filter((name) => name !== '')
}

async function isReady(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok || undefined
}

async function buildImages(): Promise<void> {
  const text = await readFile(`${ROOT}${FILE}`, 'utf8')
  const images = [...text.matchAll(/image: (docker\.io\S+)/g)].map(([, image = '']) => image)
  await productImage()
  for (const image of images) await buildStandIn(image)
}
