import { expect, it } from 'vitest'
import { BlockRing } from './block-ring.ts'
import { lameModules } from './lame-modules.ts'
import { openLanes } from './lanes.ts'

it('a lane that throws fails all with ENGINE_FAILED, and says with what', async () => {
  const settings = { sampleRate: 44_100, channels: 2, bitrate: -1, isAverage: false, quality: null }
  const ring = new BlockRing({ ...settings, lanes: 2, blockFrames: 20 })
  const lanes = openLanes(ring, { modules: await lameModules(false), settings }, () => {})
  lanes.allow(2)
  // Beyond full scale, so that the build that looks at its settings takes it.
  ring.write(new Uint8Array(Float32Array.of(2, 2).buffer))
  ring.end()
  await expect(lanes.failed).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    message: expect.stringContaining('An encoder broke off: LAME'),
  })
  await lanes.terminate()
})
