const MEDIA_TYPE = /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}$/
export const ANY_TYPE = 'application/octet-stream'

/** The media type of a header without its parameters, lower case; ANY_TYPE when it has none. */
export function contentTypeOf(header: string | undefined): string {
  const type = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return MEDIA_TYPE.test(type) ? type : ANY_TYPE
}
