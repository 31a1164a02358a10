import { expect, it } from 'vitest'
import { startEngine } from '../../src/media/ffmpeg/engine.ts'
import { QUIET } from '../../src/media/ffmpeg/whitelist.ts'
import { OPEN_SOURCE } from '../../src/media/probe.ts'
import { openFileSource } from '../../src/media/source/file-source.ts'
import { planReads } from '../../src/media/source/planned-source.ts'
import { judge } from '../support/judge.ts'
import { madeBy } from '../support/make-media.ts'
import { run } from './run-wish.ts'

const videoWith = (codec: string) =>
  madeBy(`video-${codec}.mkv`, [
    ...[
      '-f',
      'lavfi',
      '-t',
      '2',
      '-i',
      'testsrc=s=160x120:r=5',
      '-f',
      'lavfi',
      '-t',
      '2',
      '-i',
      'sine=r=44100',
    ],
    ...['-c:v', codec, '-c:a', 'libvorbis', '-ac', '2'],
  ])

it.each(['magicyuv', 'ffv1', 'libx264'])(
  '%s: the sound is right, the picture can not be decoded',
  async (codec) => {
    const path = await videoWith(codec)
    const { receipt, bytes } = await run(path)
    expect(receipt.warning).toBeNull()
    expect(Math.abs((await judge(bytes)).seconds - 2)).toBeLessThan(0.06)

    const source = await openFileSource(path)
    const connections = {
      source: await planReads(source),
    } as const
    const engine = await startEngine(connections)
    const decoded = await engine.run([...QUIET, ...OPEN_SOURCE, '-map', '0:v', '-f', 'null', '-'])
    await engine.terminate()
    await source.close()
    expect(decoded.code).not.toBe(0)
    expect(decoded.log.join('\n')).toContain('not on whitelist')
  },
)
