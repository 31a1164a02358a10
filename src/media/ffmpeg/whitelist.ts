/**
 * What the engine may open of an outside file. A protocol whitelist alone does not stop a playlist or a concat
 * script from naming other files, and `-vn` alone does not keep video decoders shut while probing (both measured).
 */
const CONTAINERS = `aac ac3 aiff amr ape asf au avi caf dsf dts eac3 flac flv gsm iff matroska,webm mov,mp4,m4a,3gp,3g2,mj2
  mp3 mpc mpc8 mpeg mpegts mxf nsv nut ogg oma rm tak tta voc w64 wav wv wtv xwma`

const DECODERS = `aac aac_latm ac3 adpcm_adx adpcm_ima_qt adpcm_ima_wav adpcm_ms adpcm_swf adpcm_yamaha alac amrnb amrwb ape
  atrac1 atrac3 atrac3p cook dca dsd_lsbf dsd_lsbf_planar dsd_msbf dsd_msbf_planar eac3 flac g722 g726 gsm gsm_ms
  imc libspeex mlp mp1 mp1float mp2 mp2float mp3 mp3float mpc7 mpc8 nellymoser opus pcm_alaw pcm_bluray pcm_dvd
  pcm_f32be pcm_f32le pcm_f64be pcm_f64le pcm_lxf pcm_mulaw pcm_s16be pcm_s16be_planar pcm_s16le pcm_s16le_planar
  pcm_s24be pcm_s24le pcm_s24le_planar pcm_s32be pcm_s32le pcm_s32le_planar pcm_s8 pcm_s8_planar pcm_u16be pcm_u16le
  pcm_u24be pcm_u24le pcm_u32be pcm_u32le pcm_u8 qdm2 qdmc ra_144 ra_288 sipr speex tak truehd tta vorbis wavpack
  wmalossless wmapro wmav1 wmav2 wmavoice`

const list = (names: string) => names.trim().split(/\s+/).join(',')

/** What videos of today and yesterday are made of; shut in every run but the one that takes a frame. */
export const VIDEO_DECODERS = ['h264', 'hevc', 'vp8', 'vp9', 'mpeg4', 'mpeg2video', 'mjpeg', 'png'] as const

const limits = (decoders: string): readonly string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', list(CONTAINERS)],
  ...['-codec_whitelist', decoders],
]

/** Options that stand before `-i source`, always. */
export const INPUT_LIMITS = limits(list(DECODERS))
/** The same for the one run that takes a frame: no sound is decoded in it. */
export const FRAME_LIMITS = limits(VIDEO_DECODERS.join(','))

/** Options that every run starts with. */
export const QUIET: readonly string[] = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info']
