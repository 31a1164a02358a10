import { type Manifest, objectsIn } from './manifests.ts'
import { type Env, ROOT, run } from './program.ts'
import { tools } from './tools.ts'

/** Where helm and a control plane are: beside the checkout, or on PATH. */
export const TOOLS: Env = await tools().catch(() => ({ PATH: process.env['PATH'] ?? '' }))

export const CHART = `${ROOT}deploy/helm/soundlift`

/** A cluster of today, for what is rendered without one. */
const VERSION = ['--kube-version', '1.35.0']

/** Ways to pair the parts, by values. */
export const PAIRINGS: Readonly<Record<string, readonly string[]>> = {
  'PostgreSQL, MongoDB, GridFS, RabbitMQ': [],
  'MariaDB, MongoDB, GridFS, RabbitMQ': ['users.store=mysql'],
  'PostgreSQL for all, MinIO, RabbitMQ': ['library.store=postgresql', 'blobs.store=minio'],
  'MariaDB for all, MinIO, RabbitMQ': ['users.store=mysql', 'library.store=mysql', 'blobs.store=minio'],
  'MongoDB, preferences in PostgreSQL': ['users.store=mongodb', 'notifications.store=postgresql'],
  'MongoDB for all, MinIO, no broker': ['users.store=mongodb', 'blobs.store=minio', 'broker.store=off'],
  'servers of the user': [
    'users.store=url',
    'users.url=postgres://me:secret@db.example.com:5433/sound',
    'library.store=url',
    'library.url=mongodb+srv://me:secret@cluster.example.com/sound',
    'blobs.store=url',
    'blobs.url=s3://sound/?endpoint=https://s3.example.com:9443',
    'broker.store=url',
    'broker.url=amqps://me:secret@mq.example.com',
    'smtp.url=smtps://me:secret@mail.example.com',
    'admin.email=me@example.com',
    'admin.password=make some sound',
  ],
  'URLs in one Secret': [
    'existingSecret=mine',
    ...['users', 'library', 'blobs', 'broker'].map((part) => `${part}.store=url`),
    'smtp.existingSecret.name=mine',
  ],
}

/** Runs helm to its end. */
export const helm = (args: readonly string[], env: Env = TOOLS) => run('helm', args, { env })

/** `--set` for each value. */
export const set = (values: readonly string[]) => values.flatMap((value) => ['--set', value])

/** The text of the chart with these values, and what helm said against them. */
export function template(values: readonly string[], more: readonly string[] = []) {
  return helm(['template', 'soundlift', CHART, '-n', 'soundlift', ...VERSION, ...set(values), ...more])
}

/** The objects of the chart with these values; fails with what helm says. */
export async function render(
  values: readonly string[],
  more: readonly string[] = [],
): Promise<readonly Manifest[]> {
  const { code, out, err } = await template(values, more)
  if (code !== 0) throw new Error(err)
  return objectsIn(out)
}
