import { describe, expect, it } from 'vitest'
import { parseS3Url } from './s3-place.ts'

describe('parseS3Url', () => {
  it('reads a bucket of AWS', () => {
    expect(parseS3Url('s3://my.bucket-1')).toEqual({
      bucket: 'my.bucket-1',
      prefix: '',
      endpoint: undefined,
      publicEndpoint: undefined,
      region: undefined,
      pathStyle: false,
      credentials: undefined,
    })
  })

  it('reads every option, and credentials with signs in them', () => {
    const url =
      's3://KEY:a%2Fb%2B%40@bucket/deep/pre%20fix/?endpoint=http://minio:9000&publicEndpoint=https://s3.x.y&region=eu-1&pathStyle=false'
    expect(parseS3Url(url)).toEqual({
      bucket: 'bucket',
      prefix: 'deep/pre fix/',
      endpoint: 'http://minio:9000',
      publicEndpoint: 'https://s3.x.y',
      region: 'eu-1',
      pathStyle: false,
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'a/b+@' },
    })
  })

  it('puts the bucket into the path where an endpoint is given', () => {
    expect(parseS3Url('s3://bucket?endpoint=http://minio:9000').pathStyle).toBe(true)
  })

  it.each([
    ['s3:', /names no bucket/],
    ['s3:///prefix', /names no bucket/],
    ['s3://bucket?end=http://x', /'end' is none of endpoint/],
    ['s3://bucket?endpoint=minio:9000', /endpoint must be/],
    ['s3://bucket?pathStyle=yes', /pathStyle must be/],
    ['s3://KEY:topsecret@bucket/%zz', /hex digits/],
  ])('refuses %s with the reason, and keeps its secret', (url, message) => {
    expect(() => parseS3Url(url)).toThrow(message)
    expect(() => parseS3Url(url)).not.toThrow(/topsecret/)
  })
})
