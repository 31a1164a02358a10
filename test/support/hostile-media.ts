import { box, full, word } from './mp4-boxes.ts'

/** Texts that name other files or addresses; players that follow them read what is not theirs. */
export function playlists(file: string, address: string): Record<string, string> {
  const targets = { file, address }
  return Object.fromEntries(
    Object.entries(targets).flatMap(([what, target]) => [
      [`HLS naming a ${what}`, `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${target}\n#EXT-X-ENDLIST\n`],
      [`HLS with a key and a map at a ${what}`, hlsWithKey(target)],
      [`ffconcat naming a ${what}`, `ffconcat version 1.0\nfile '${target}'\nduration 9\n`],
      [`DASH naming a ${what}`, dash(target)],
      [`SMIL naming a ${what}`, `<smil><body><audio src="${target}"/></body></smil>`],
      [`PLS naming a ${what}`, `[playlist]\nFile1=${target}\nNumberOfEntries=1\n`],
      [`ASX naming a ${what}`, `<asx version="3.0"><entry><ref href="${target}"/></entry></asx>`],
      [
        `IMF naming a ${what}`,
        `<?xml version="1.0"?><CompositionPlaylist><Path>${target}</Path></CompositionPlaylist>`,
      ],
      [`FFmetadata naming a ${what}`, `;FFMETADATA1\ntitle=${target}\n[STREAM]\n`],
    ]),
  )
}

const hlsWithKey = (target: string) =>
  `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${target}"\n#EXT-X-MAP:URI="${target}"\n#EXTINF:9,\nsource\n#EXT-X-ENDLIST\n`

const dash = (target: string) =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>\n`

/** Descriptions of a stream: a player opens sockets for it. */
export const sessionDescription = (port: number): string =>
  `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${port} RTP/AVP 0\na=rtpmap:0 PCMU/8000\n`

/** An AVI whose subtitle track holds a playlist (known as the XBIN attack): its second track is `GAB2`. */
export function aviWithPlaylist(playlist: string): Buffer {
  const samples = Buffer.alloc(16_000, 128) // two seconds of silence, 8 kHz
  const name = Buffer.from('x\0\0', 'latin1')
  const text = Buffer.from(playlist, 'latin1')
  const gab2 = Buffer.concat([
    ...[Buffer.from('GAB2\0', 'latin1'), little(2, 2), little(name.length, 4), name],
    ...[little(4, 2), little(text.length, 4), text],
  ])
  const header = riffList('hdrl', [
    chunk('avih', words(125_000, 16_000, 0, 0x10, 16, 0, 2, 0, 0, 0, 0, 0, 0, 0)),
    riffList('strl', [streamHeader('auds', 1, 8000, samples.length), chunk('strf', WAVE_FORMAT)]),
    riffList('strl', [streamHeader('txts', 1, 1, 1), chunk('strf', Buffer.alloc(4))]),
  ])
  const movie = riffList('movi', [
    chunk('00wb', samples.subarray(0, 8000)),
    chunk('01tx', gab2),
    chunk('00wb', samples.subarray(8000)),
  ])
  const body = Buffer.concat([Buffer.from('AVI '), header, movie])
  return Buffer.concat([Buffer.from('RIFF'), little(body.length, 4), body])
}

const little = (value: number, bytes: number) => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}
const words = (...values: number[]) => Buffer.concat(values.map((value) => little(value, 4)))
const chunk = (id: string, body: Buffer) =>
  Buffer.concat([Buffer.from(id, 'latin1'), little(body.length, 4), body, Buffer.alloc(body.length % 2)])
const riffList = (type: string, chunks: Buffer[]) =>
  chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...chunks]))
/** PCM, one channel, 8 kHz, 8 bit. */
const WAVE_FORMAT = Buffer.concat([
  little(1, 2),
  little(1, 2),
  little(8000, 4),
  little(8000, 4),
  little(1, 2),
  little(8, 2),
])
const streamHeader = (type: string, scale: number, rate: number, length: number) =>
  chunk(
    'strh',
    Buffer.concat([Buffer.from(type, 'latin1'), words(0, 0, 0, 0, scale, rate, 0, length, 0, 0, 1, 0, 0)]),
  )

const RATE = 8000
const SOUN = 0x736f756e

export interface MovieOptions {
  /** Sound tracks, all of the same samples. */
  readonly tracks?: number
  /** Where the tracks say that their samples lie: a data reference (8.7.2); absent: in the file itself. */
  readonly elsewhere?: string
  /** Seconds each track says that it lasts. */
  readonly told?: number
  /** Further boxes of the movie. */
  readonly more?: readonly Buffer[]
}

/** A MOV of a second of silence, 8 kHz, 16 bit. */
export function movie({ tracks = 1, elsewhere, told = 1, more = [] }: MovieOptions = {}): Buffer {
  const type = box('ftyp', 'qt  ', word(0), 'qt  ')
  const samples = box('mdat', Buffer.alloc(RATE * 2))
  const at = type.length + 8
  const all = Array.from({ length: tracks }, (_, track) => soundTrack(track + 1, at, elsewhere, told))
  const header = full('mvhd', 0, 0, RATE, told * RATE, 0x10000, 0x1000000, ...zeros(18), tracks + 1)
  return Buffer.concat([type, samples, box('moov', header, ...all, ...more)])
}

const zeros = (count: number) => Array.from({ length: count }, () => 0)

function soundTrack(id: number, at: number, elsewhere: string | undefined, told: number): Buffer {
  const reference = elsewhere === undefined ? box('url ', word(1)) : box('url ', word(0), `${elsewhere}\0`)
  const entry = box(
    'sowt',
    word(0),
    little(0x0100, 4),
    ...[word(0), word(0), word(0x10010), word(0), word(RATE * 65_536)],
  )
  const table = box(
    'stbl',
    full('stsd', 1, entry),
    full('stts', 1, RATE, Math.max(1, Math.round(told))),
    full('stsc', 1, 1, RATE, 1),
    full('stsz', 2, RATE),
    full('stco', 1, at),
  )
  const information = box('minf', full('smhd', 0), box('dinf', full('dref', 1, reference)), table)
  const media = box(
    'mdia',
    full('mdhd', 0, 0, RATE, told * RATE, 0),
    full('hdlr', 0, SOUN, 0, 0, 0, 0),
    information,
  )
  return box('trak', full('tkhd', 0, 0, id, 0, told * RATE, ...zeros(15)), media)
}
