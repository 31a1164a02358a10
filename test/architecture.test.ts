import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

/** A room may import itself and the rooms listed. A file beside the rooms is a room of its own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  domain: ['kit'],
  media: ['domain', 'kit'],
  ports: ['domain', 'kit'],
  http: ['ports', 'domain', 'kit'],
  telemetry: ['http', 'ports', 'domain', 'kit'],
  services: ['http', 'ports', 'media', 'domain', 'kit'],
  adapters: ['ports', 'domain', 'kit'],
  config: ['domain', 'kit'],
  'data-dir': ['domain', 'kit'],
  compose: [
    'config',
    'data-dir',
    'services',
    'adapters',
    'telemetry',
    'http',
    'ports',
    'media',
    'domain',
    'kit',
  ],
  cli: ['compose', 'config', 'data-dir', 'http', 'ports', 'media', 'domain', 'kit'],
  main: ['cli'],
}
/** Rooms whose sub-rooms do not know each other: gateway never imports auth, blobs never users. */
const APART = ['services', 'adapters']
/** What all drivers of SQL stores share, and what those of MongoDB do. */
const SHARED = ['adapters/sql', 'adapters/mongo']
/** Of the services only the converter turns media into sound. */
const USES_MEDIA = 'services/converter'

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const sources = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.ts$/.test(file))

const SRC = resolve('src')
const files = sources(SRC).filter((file) => !file.endsWith('.test.ts'))
/** The package's own facts are in no room. */
const MANIFEST = '../package.json'
const imports = files.flatMap((from) => importsOf(SRC, from)).filter(({ to }) => to !== MANIFEST)

/** Relative imports of a file, also dynamic ones and the addresses of workers, as paths below `root`. */
function importsOf(root: string, from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8')
  const found = text.matchAll(
    /(?:^(import|export)\s+(type\s)?[^'"]*?from\s*|^import\s*|import\(\s*|new URL\(\s*)['"](\.[^'"]+)['"]/gm,
  )
  return [...found].map(([, , type, spec = '']) => ({
    from,
    to: relative(root, resolve(root, dirname(from), spec)).replaceAll('\\', '/'),
    typeOnly: type !== undefined,
  }))
}

const roomOf = (file: string) => (file.split('/')[0] ?? '').replace(/\.ts$/, '')
const subRoomOf = (file: string) => file.split('/').slice(0, 2).join('/')
const shown = ({ from, to }: Import) => `${from} -> ${to}`

it('every room is known', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => !MAY_IMPORT[room])).toEqual([])
})

it('imports point one way only', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)]
    return target !== room && !MAY_IMPORT[room]?.includes(target)
  })
  expect(wrong.map(shown)).toEqual([])
})

it('services do not know each other, nor do the rooms of adapters', () => {
  const wrong = imports.filter(({ from, to }) => {
    const apart = APART.includes(roomOf(from)) && roomOf(to) === roomOf(from)
    const common = SHARED.includes(subRoomOf(to)) || subRoomOf(to).endsWith('.ts')
    return apart && !common && subRoomOf(to) !== subRoomOf(from)
  })
  expect(wrong.map(shown)).toEqual([])
})

it('of the services only the converter uses media/', () => {
  const wrong = imports.filter(
    ({ from, to }) => roomOf(from) === 'services' && roomOf(to) === 'media' && subRoomOf(from) !== USES_MEDIA,
  )
  expect(wrong.map(shown)).toEqual([])
})

it('there are no import cycles', () => {
  const next = Map.groupBy(
    imports.filter(({ typeOnly }) => !typeOnly),
    ({ from }) => from,
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    for (const { to } of next.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  expect(cycles).toEqual([])
})

it('each driver has its line in the table of its room, and a test that calls the contract', () => {
  // The files of a room are its drivers and index.ts, their table; what a driver is made of lies in a folder.
  const drivers = files
    .filter((file) => /^adapters\/[^/]+\/[^/]+\.ts$/.test(file))
    .filter((file) => {
      return !file.endsWith('/index.ts') && !SHARED.includes(subRoomOf(file))
    })
  expect(drivers.length).toBeGreaterThan(0)
  for (const driver of drivers) {
    const [, room = '', name = ''] = /^adapters\/([^/]+)\/(.+)\.ts$/.exec(driver) ?? []
    const inTable = imports.some(({ from, to }) => from === `adapters/${room}/index.ts` && to === driver)
    expect(inTable, `${driver} has no line in adapters/${room}/index.ts`).toBe(true)
    const test = `test/adapters/${room}.${name}.test.ts`
    expect(existsSync(test), `${driver} has no test: ${test} is missing`).toBe(true)
    const callsContract = importsOf(resolve('test'), `adapters/${room}.${name}.test.ts`).some(({ to }) =>
      to.startsWith('contract/'),
    )
    expect(callsContract, `${test} calls no contract`).toBe(true)
  }
})

it('what measures and traces is loaded when it is asked for: nobody pays for it at the start', () => {
  const early =
    /^import (?!type )[^'"]*['"](prom-client|@opentelemetry\/[^'"]+|[^'"]*\/telemetry\/[^'"]+)['"]/m
  const eager = files.filter((file) => early.test(readFileSync(join(SRC, file), 'utf8')))
  expect(eager).toEqual([])
})

it('the environment is read in one place', () => {
  const readers = files.filter((file) =>
    /process\s*\.\s*env|process\[/.test(readFileSync(join(SRC, file), 'utf8')),
  )
  expect(readers).toEqual(['config.ts'])
})

it('the outer ring of tests knows nothing of src', () => {
  const test = resolve('test')
  const reached = new Set<string>()
  const reach = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    if (!file.startsWith('..')) for (const { to } of importsOf(test, file)) reach(to)
  }
  for (const file of sources(join(test, 'e2e'))) reach(`e2e/${file}`)
  expect([...reached].filter((file) => file.startsWith('../src/'))).toEqual([])
})
