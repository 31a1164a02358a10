/** Sounds that are hard on an encoder in different ways: a level from -1 to 1 by time in seconds, channel and chance. */
type Sound = (time: number, channel: number, random: () => number) => number

const tone = (frequency: number, time: number) => Math.sin(2 * Math.PI * frequency * time)

export const SOUNDS: Readonly<Record<string, Sound>> = {
  silence: () => 0,
  clicks: (time, channel) => (Math.floor(time * 8000) % (1601 + channel) === 0 ? 0.9 : 0),
  sweep: (time, channel) => 0.6 * Math.sin(2 * Math.PI * (60 + channel * 20 + 400 * time) * time),
  noise: (_time, _channel, random) => 0.5 * (random() - 0.5),
  // A voice: a low tone with overtones, in syllables, with hiss between them.
  speech: (time, _channel, random) => {
    const syllable = Math.max(0, tone(3.1, time))
    const voice = [1, 2, 3, 4, 6].reduce(
      (sum, n) => sum + tone(130 * n * (1 + 0.02 * tone(5, time)), time) / n,
      0,
    )
    return 0.25 * syllable * voice + 0.03 * (1 - syllable) * (random() - 0.5)
  },
  // Chords that change, a beat that is sharp, two sides that differ.
  music: (time, channel, random) => {
    const root = [220, 262, 330, 294][Math.floor(time * 2) % 4] ?? 220
    const chord = [1, 1.25, 1.5, 2].reduce((sum, n) => sum + tone(root * n + channel, time), 0)
    const beat = Math.exp(-30 * ((time * 4) % 1)) * (random() - 0.5)
    return 0.12 * chord + 0.5 * beat
  },
}

export interface SoundShape {
  readonly sampleRate: number
  readonly channels: number
  readonly samples: number
}

/** So many samples of a sound, interleaved; the same at every call. */
export function makeSound(name: string, { sampleRate, channels, samples }: SoundShape): Float32Array {
  const sound = SOUNDS[name]
  if (!sound) throw new Error(`no sound ${name}`)
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const pcm = new Float32Array(samples * channels)
  for (let place = 0; place < pcm.length; place++) {
    pcm[place] = sound(Math.floor(place / channels) / sampleRate, place % channels, random)
  }
  return pcm
}
