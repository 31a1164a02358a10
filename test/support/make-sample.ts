// Makes samples/hello.mkv: `node test/support/make-sample.ts`. Sound and picture are computed, so they are our own.
import { writeFile } from 'node:fs/promises'
import { ffmpeg } from './ffmpeg.ts'

const RATE = 44_100
/** Seconds between two notes. */
const PACE = 0.25
/** Semitones from A3: broken chords over four harmonies, and the last note again to die away. */
const MELODY = [0, 7, 12, 16, 19, 16, -4, 3, 8, 12, 15, 12, -9, 3, 7, 12, 15, 12, -2, 5, 10, 14, 17, 14, 12]
const SECONDS = MELODY.length * PACE + 1

/** A plucked string, `age` seconds after it was plucked. */
function pluck(semitones: number, age: number): number {
  const turn = 2 * Math.PI * 220 * 2 ** (semitones / 12) * age
  return Math.min(1, 200 * age) * Math.exp(-3 * age) * (Math.sin(turn) + 0.35 * Math.sin(2 * turn))
}

/** The melody at one time: the notes that still sound. */
function melody(time: number): number {
  const newest = Math.floor(time / PACE)
  let sum = 0
  for (let place = Math.max(0, newest - 7); place <= Math.min(newest, MELODY.length - 1); place++) {
    sum += pluck(MELODY[place] ?? 0, time - place * PACE)
  }
  return sum
}

/** 16-bit stereo; each side hears the echo of the other a little later. */
function stereo(): Int16Array {
  const samples = new Int16Array(2 * RATE * SECONDS)
  for (let at = 0; at < samples.length / 2; at++) {
    const time = at / RATE
    const [direct, near, far] = [melody(time), melody(time - 0.19), melody(time - 0.31)]
    samples[2 * at] = 8000 * (direct + 0.3 * near)
    samples[2 * at + 1] = 8000 * (direct + 0.3 * far)
  }
  return samples
}

const sound = ['-f', 's16le', '-ar', `${RATE}`, '-ac', '2', '-i', 'melody']
const colours = 'c0=0x1d3557:c1=0xe63946:c2=0xf1faee:c3=0x457b9d'
const picture = [
  '-f',
  'lavfi',
  '-t',
  `${SECONDS}`,
  '-i',
  `gradients=s=320x180:r=12:n=4:seed=7:speed=0.03:${colours}`,
]
const coding = ['-c:v', 'libx264', '-crf', '27', '-pix_fmt', 'yuv420p', '-c:a', 'libvorbis', '-q:a', '4']
const about = ['-metadata', 'title=Hello from Soundlift', '-fflags', '+bitexact']

const { bytes, log } = await ffmpeg(
  [...picture, ...sound, ...coding, ...about, 'hello.mkv'],
  { melody: new Uint8Array(stereo().buffer) },
  'hello.mkv',
)
if (!bytes) throw new Error(log.slice(-3).join('\n'))
await writeFile(new URL('../../samples/hello.mkv', import.meta.url), bytes)
console.log(`samples/hello.mkv: ${bytes.length} bytes`)
