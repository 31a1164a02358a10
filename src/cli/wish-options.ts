import { FORMAT_NAMES } from '../domain/format.ts'
import { PRESET_NAMES } from '../domain/preset.ts'
import { TAG_NAMES } from '../domain/tag-names.ts'
import { WISH_FIELDS, type WishInput } from '../domain/wish/wish.ts'

const text = { type: 'string' } as const

/** The options of a wish, as `parseArgs` takes them: each is a field of a wish, with dashes. */
export const WISH_OPTIONS = {
  format: { type: 'string', short: 'f' },
  bitrate: { type: 'string', short: 'b' },
  abr: text,
  quality: { type: 'string', short: 'q' },
  size: { type: 'string', short: 's' },
  preset: { type: 'string', short: 'p' },
  'sample-rate': text,
  channels: text,
  start: text,
  end: text,
  loudness: text,
  track: { type: 'string', multiple: true },
  metadata: text,
  cover: text,
  title: text,
  artist: text,
  album: text,
  'album-artist': text,
  composer: text,
  genre: text,
  date: text,
  'track-number': text,
  'disc-number': text,
  comment: text,
  copyright: text,
} as const

/** `albumArtist` → `album-artist`, as options of a command line are written. */
const dashed = (field: string) => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const TAGS = TAG_NAMES.map(dashed)

/** What stands in `--help` for them. */
export const WISH_HELP = `  -f, --format FORMAT    ${FORMAT_NAMES.join(', ')}; without it the extension of OUT tells, else mp3
  -b, --bitrate BITRATE  such as 192k
  --abr BITRATE          such as 192k: an mp3 that has it on average, more where the sound needs more
  -q, --quality QUALITY  best (never above the source's own), or V0 (large) to V9 (small) for mp3
  -s, --size SIZE        such as 10MB: the highest bitrate that fits
  -p, --preset PRESET    ${PRESET_NAMES.join(' or ')}
  --sample-rate RATE     such as 48000 or 44.1k
  --channels NUMBER      1 or mono, 2 or stereo
  --start TIME           from here on, such as 90, 1:30 or 1:02:03.5
  --end TIME             up to here
  --loudness LUFS        brings the whole to this loudness (EBU R128): 16 for a podcast, 23 for broadcasting
  --track TRACK          the how-manieth track of sound, or its language: 2, eng, de. Several (1,2) or all: a result for
                         each, named after it
  --metadata WHAT        keep (tags and chapters of the source; the default) or drop
  --cover COVER          keep (the source's own picture; the default with its tags), drop, a time such as 0:42 (the
                         frame of the video there), or a JPEG or PNG file
  --TAG TEXT             sets a tag: ${TAGS.slice(0, 6).join(', ')},
                         ${TAGS.slice(6).join(', ')}`

/** The wish that was given by options; what was given several times stands between commas. */
export function readWish(
  values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>,
): WishInput {
  const given = WISH_FIELDS.flatMap((field) => {
    const value = values[dashed(field)]
    return value === undefined ? [] : [[field, String(value)]]
  })
  return Object.fromEntries(given)
}
