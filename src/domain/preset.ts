/** What a kind of sound needs in each format: what a wish leaves open is taken from here. */
export interface Preset {
  readonly name: string
  /** At most; the source may have fewer. */
  readonly channels: number
  /** bit/s, never above the source's own; lossless formats have none. */
  readonly bitrate: Readonly<Record<string, number>>
}

/** The ordered table of presets. */
// biome-ignore format: one row, one line
export const PRESETS = [
  { name: 'speech', channels: 1, bitrate: { mp3: 64_000, m4a: 64_000, opus: 32_000, ogg: 64_000 } },
  { name: 'music', channels: 2, bitrate: { mp3: 256_000, m4a: 192_000, opus: 160_000, ogg: 224_000 } },
] as const satisfies readonly Preset[]

export type PresetName = (typeof PRESETS)[number]['name']
export const PRESET_NAMES: readonly PresetName[] = PRESETS.map((preset) => preset.name)

/** The row of a preset's name; undefined without one. */
export const presetOf = (name: PresetName | undefined): Preset | undefined =>
  PRESETS.find((preset) => preset.name === name)
