import { AppError } from '../../domain/errors.ts'
import type { Sink } from '../source/sink.ts'
import { createChain } from './chain.ts'
import { readFrameHeader } from './frame-header.ts'
import { buildTag, ENCODER_DELAY, type TagFacts, tagHeader } from './info-tag.ts'
import { createPacker } from './pack.ts'
import { type Parcel, unwrap } from './parcel.ts'
import { frameSamples, type Mp3Settings } from './settings.ts'

const UNKNOWN: TagFacts = { frames: 0, bytes: 0, toc: new Uint8Array(100), padding: 0, musicCrc: 0 }

/** Writes frames of several encoders as one MP3: a tag whose contents come last, then one chain of frames. Fails with RESULT_INVALID. */
export function createMp3Writer(settings: Mp3Settings, sink: Sink) {
  const packer = createPacker()
  const chain = createChain()
  let tagWord = 0

  const write = async (bytes: Uint8Array) => {
    if (bytes.length === 0) return
    demandValid(() => chain.append(bytes))
    await sink.write(bytes)
  }
  return {
    /** The frames that follow; settles when those that are whole are with the sink. */
    async add(frames: Parcel): Promise<void> {
      if (tagWord === 0) {
        tagWord = tagHeader(frames.words[0] ?? 0)
        await sink.write(buildTag(tagWord, settings, UNKNOWN))
      }
      demandValid(() => {
        for (const frame of unwrap(frames)) packer.add(frame)
      })
      await write(packer.take())
    },
    /** Writes what is left, and the tag. `samples`: how many per channel went in. */
    async end(samples: number): Promise<void> {
      await write(packer.take(true))
      const tagBytes = readFrameHeader(tagWord)?.size ?? 0
      const tag = buildTag(tagWord, settings, {
        frames: chain.frames,
        bytes: chain.bytes + tagBytes,
        toc: chain.toc(tagBytes),
        padding: chain.frames * frameSamples(settings.sampleRate) - ENCODER_DELAY - samples,
        musicCrc: chain.crc,
      })
      await sink.patch(0, tag)
    },
    get bumped() {
      return packer.bumped
    },
  }
}

/** Frames that do not fit, or a chain that broke: RESULT_INVALID, and the next try is made by one encoder. */
function demandValid(deed: () => void): void {
  try {
    deed()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('RESULT_INVALID', `The result is broken: ${reason}.`, { cause })
  }
}
