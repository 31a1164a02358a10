import { AppError } from '../../../domain/errors.ts'

/** What `s3://[KEY:SECRET@]bucket/prefix?endpoint=&publicEndpoint=&region=&pathStyle=` says. */
export interface S3Place {
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
  /** URL of the server; undefined: AWS. */
  readonly endpoint: string | undefined
  /** URL under which people reach the server, for links. */
  readonly publicEndpoint: string | undefined
  /** Undefined: as the SDK finds it (AWS_REGION and others). */
  readonly region: string | undefined
  /** The bucket in the path of a URL, not in its host. */
  readonly pathStyle: boolean
  /** Undefined: as the SDK finds them (AWS_ACCESS_KEY_ID and others, a role of the machine). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
}

const EXAMPLE = 's3://bucket/prefix?endpoint=http://minio:9000&region=us-east-1'
const OPTIONS = ['endpoint', 'publicEndpoint', 'region', 'pathStyle']

/** Reads an `s3:` URL; CONFIG_INVALID says what is wrong with it. */
export function parseS3Url(text: string): S3Place {
  const url = URL.canParse(text) ? new URL(text) : invalid('it is no URL')
  const bucket = url.hostname
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket)) invalid('it names no bucket')
  for (const name of url.searchParams.keys()) {
    if (!OPTIONS.includes(name)) invalid(`'${name}' is none of ${OPTIONS.join(', ')}`)
  }
  const endpoint = address(url, 'endpoint')
  const prefix = decode(url.pathname).replace(/^\/+|\/+$/g, '')
  return {
    bucket,
    prefix: prefix && `${prefix}/`,
    endpoint,
    publicEndpoint: address(url, 'publicEndpoint'),
    region: url.searchParams.get('region') || undefined,
    pathStyle: flag(url, 'pathStyle') ?? endpoint !== undefined,
    credentials: url.username
      ? { accessKeyId: decode(url.username), secretAccessKey: decode(url.password) }
      : undefined,
  }
}

function address({ searchParams }: URL, name: string): string | undefined {
  const text = searchParams.get(name)
  if (!text) return undefined
  return /^https?:\/\/[^/]/.test(text) && URL.canParse(text)
    ? text
    : invalid(`${name} must be an http(s) URL`)
}

function flag({ searchParams }: URL, name: string): boolean | undefined {
  const text = searchParams.get(name)
  if (!text) return undefined
  return text === 'true' || text === 'false' ? text === 'true' : invalid(`${name} must be true or false`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return invalid('a % in it is not followed by two hex digits')
  }
}

/** The URL may hold a secret: it is not repeated. */
function invalid(reason: string): never {
  throw new AppError('CONFIG_INVALID', `The s3: URL can not be used: ${reason}. An example: ${EXAMPLE}`)
}
