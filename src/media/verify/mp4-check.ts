import type { ContainerCheck } from './container-check.ts'

/** How much of the movie box is kept: the media header stands near its start. */
const MOVIE_START = 4096

/**
 * Reads the media header of an MP4 (ISO 14496-12, 8.4.2), whose timescale is the sample rate. The movie box is
 * what comes after the size of `mdat` was filled in.
 */
export function mp4Check(): ContainerCheck {
  let movie: Buffer | undefined
  let size = 0

  return {
    append(bytes) {
      if (!movie) return
      size += bytes.length
      if (movie.length < MOVIE_START)
        movie = Buffer.concat([movie, bytes.subarray(0, MOVIE_START - movie.length)])
    },
    patch() {
      movie ??= Buffer.alloc(0)
    },
    end() {
      if (!movie || movie.length < 8 || movie.toString('latin1', 4, 8) !== 'moov')
        throw new Error('the movie box is missing')
      if (movie.readUInt32BE(0) !== size) throw new Error('the movie box is cut off')
      return readMediaHeader(movie)
    },
  }
}

function readMediaHeader(movie: Buffer) {
  const at = movie.indexOf('mdhd', 0, 'latin1')
  if (at < 0) throw new Error('the media header is missing')
  const isLong = movie.readUInt8(at + 4) === 1
  const times = at + 8
  const sampleRate = movie.readUInt32BE(times + (isLong ? 16 : 8))
  const samples = isLong ? Number(movie.readBigUInt64BE(times + 20)) : movie.readUInt32BE(times + 12)
  return { samples, sampleRate }
}
