import type { IncomingHttpHeaders } from 'node:http'

/** Whose /upload it is: the MP3 family sends forms, the file family sends the file itself and its name beside it. */
export type UploadFamily = 'mp3' | 'file'

/** Multipart is always the MP3 family; a raw body or a name is the file family; neither is the MP3 family. */
export function uploadFamily(headers: IncomingHttpHeaders, fileName: string | undefined): UploadFamily {
  if (/^\s*multipart\//i.test(headers['content-type'] ?? '')) return 'mp3'
  return fileName || hasBody(headers) ? 'file' : 'mp3'
}

const hasBody = (headers: IncomingHttpHeaders) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
