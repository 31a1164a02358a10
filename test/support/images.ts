import { copyFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './program.ts'
import { stubbornly } from './stubbornly.ts'
import { succeed, tools, unpacked } from './tools.ts'

/** The product's image, under the name of the tests. */
export const PRODUCT = 'localhost/soundlift:test'
/** Servers that lie beside the checkout, by the image that holds them. */
const BINARIES: Readonly<Record<string, string>> = { mongo: 'mongod', minio: 'minio' }

/** Once for all images of a process. */
let baseImages: Promise<unknown> | undefined

/** Builds the product's image, its Dockerfile as it stands. */
export async function buildProduct(): Promise<void> {
  await build(['--format=docker', '--file=deploy/Dockerfile', '--tag', PRODUCT, '.'], ROOT)
}

/** Builds what stands in for an image of a registry, under its name. */
async function buildStandIn(image: string): Promise<void> {
  const name = image.replace(/^.*\/|:.*$/g, '')
  const context = await mkdtemp(join(tmpdir(), 'soundlift-image-'))
  try {
    await cp(`${ROOT}test/support/stand-ins/${name}`, context, { recursive: true })
    const binary = BINARIES[name]
    if (binary) await copyFile(join(await unpacked(binary), binary), join(context, binary))
    await build(['--tag', image, '.'], context)
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

/** Builds what stands in for these, one after another. */
export async function buildStandIns(images: readonly string[]): Promise<void> {
  for (const image of images) await buildStandIn(image)
}

async function build(args: readonly string[], cwd: string): Promise<void> {
  const env = await tools()
  baseImages ??= stubbornly(() => succeed('base-images', [], { env }))
  await baseImages
  const command = ['build', '--quiet', '--pull=never', '--network=host', ...args]
  await stubbornly(() => succeed('podman', command, { env, cwd }))
}
