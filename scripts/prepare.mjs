// Runs before `npm start`, `npm test` and their like, on any Node from 20 on and without a shell:
// installs what package-lock.json names when node_modules is missing or older than it.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const LOCK = `${root}package-lock.json`
/** npm writes this file at the end of an install. */
const INSTALLED = `${root}node_modules/.package-lock.json`
/** What the product runs on; the packages node-* bring it into node_modules where the machine has an older one. */
const NODE_MAJOR = 24

/** Says what is wrong and how to mend it, and ends. */
function stop(text) {
  console.error(`soundlift: ${text}`)
  process.exit(1)
}

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  stop(
    `Node ${process.versions.node} is too old: install Node 20 or newer from https://nodejs.org and try again.`,
  )
}

if (!existsSync(INSTALLED) || statSync(INSTALLED).mtimeMs < statSync(LOCK).mtimeMs) {
  console.error('soundlift: installing what package-lock.json names (npm ci, about half a minute) …')
  // npm tells where its own program is; npm.cmd could not be started without a shell on Windows.
  const npm = process.env.npm_execpath
  if (!npm) stop('start this with npm, for example `npm start`.')
  const args = [npm, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) stop('npm ci failed: the lines above say why. Mend it and run the same command again.')
}

const found = spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? 'none'
if (Number(/^v(\d+)/.exec(found)?.[1]) < NODE_MAJOR) {
  stop(
    `Node ${NODE_MAJOR} is needed and there is no package of it for this machine; found ${found}. Install Node ${NODE_MAJOR} from https://nodejs.org.`,
  )
}
