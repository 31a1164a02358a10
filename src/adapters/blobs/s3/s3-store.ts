import type { S3 } from '@aws-sdk/client-s3'
import type { Names } from './names.ts'

/** Where one kind of blobs lies. */
export interface S3Store {
  readonly s3: S3
  readonly bucket: string
  readonly names: Names
}
