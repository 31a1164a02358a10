// Loads what a service may load, while the image is built: what Node compiles is kept in NODE_COMPILE_CACHE.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'

const RESULT = '/tmp/hello.mp3'
const { status } = spawnSync('soundlift', ['convert', 'samples/hello.mkv', '-o', RESULT], {
  stdio: 'inherit',
})
if (status !== 0) process.exit(1)
rmSync(RESULT)

const ours = globSync('src/**/*.ts', { exclude: ['src/main.ts', '**/*thread.ts'] })
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
// The engine is loaded by its thread alone.
const packages = Object.keys(dependencies).filter((name) => name !== '@ffmpeg/core')
await Promise.all([...ours.map((path) => `../${path}`), ...packages].map((name) => import(name)))
