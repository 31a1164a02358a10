import { copyFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env, ROOT } from '../support/program.ts'
import { succeed, tools, unpacked } from './cluster.ts'

/** The product's image, under the name of the tests. */
export const PRODUCT = 'localhost/soundlift:test'

/** Servers that stand in for images of a registry, under their names. */
const STAND_INS = ['postgres:15', 'mongo:6.0', 'rabbitmq:3.10-management'] as const
const named = (image: string) => `docker.io/library/${image}`

/** Builds what the manifests name; the names. */
export async function buildImages(): Promise<readonly string[]> {
  const env = await tools()
  await succeed('base-images', [], { env })
  await podman(env, ['-f', 'deploy/Dockerfile', '-t', PRODUCT, '.'], ROOT)
  for (const image of STAND_INS) await buildStandIn(image, env)
  return [PRODUCT, ...STAND_INS.map(named)]
}

async function buildStandIn(image: string, env: Env): Promise<void> {
  const [name = ''] = image.split(':')
  const context = await mkdtemp(join(tmpdir(), 'soundlift-image-'))
  try {
    await cp(`${ROOT}test/support/stand-ins/${name}`, context, { recursive: true })
    if (name === 'mongo') await copyFile(join(await unpacked('mongod'), 'mongod'), join(context, 'mongod'))
    await podman(env, ['-t', named(image), '.'], context)
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

async function podman(env: Env, args: readonly string[], cwd: string): Promise<void> {
  await succeed('podman', ['build', '--quiet', '--pull=never', '--network=host', ...args], { env, cwd })
}
