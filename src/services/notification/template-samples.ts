/** What a template may name; null where there is nothing to say. */
export type Variables = Readonly<Record<string, string | null>>

const ID = '65f0c2a1b3d4e5f600000004'
const unsubscribe = 'https://sound.example.com/unsubscribe?token=TOKEN'

/** Every template and its variables, by an example that each is tried with when the service starts. */
export const SAMPLES = {
  'conversion-done': {
    id: ID,
    fileName: 'talk.mp3',
    size: '1.08 MB',
    length: '1:11',
    sourceName: 'talk.mkv',
    warning: 'The sound ends after 0:35.',
    warningRemedy: 'If there should be more, send the whole file.',
    link: `https://sound.example.com/download?fid=${ID}`,
    unsubscribe,
  },
  'conversion-failed': {
    sourceName: 'talk.mkv',
    reason: 'The file has no sound.',
    remedy: 'Send a file with an audio track.',
    code: 'MEDIA_NO_AUDIO',
    conversionId: ID,
    unsubscribe,
  },
  'address-code': { code: '123456', minutes: '15' },
  'password-reset': { link: 'https://sound.example.com/reset?token=TOKEN', minutes: '30' },
  'webhook-disabled': { url: 'https://hooks.example.com/soundlift', reason: 'It answered 410.', unsubscribe },
} as const satisfies Record<string, Variables>

export type TemplateName = keyof typeof SAMPLES
/** All that a template may name. */
export type VariablesOf<Name extends TemplateName> = {
  readonly [Key in keyof (typeof SAMPLES)[Name]]: string | null
}
