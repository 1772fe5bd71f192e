import type { S3 } from "./s3.ts";

const MIB = 1024 * 1024;
/**
 * Above this size objects are uploaded in parts, so that a retry repeats only one part, and progress can be
 * reported.
 */
const WHOLE_BYTES = 8 * MIB;
/** The minimum of every part except the last. */
const PART_BYTES = 5 * MIB;

export type Upload = { readonly key: string; readonly body: Uint8Array; readonly type: string };

/** Uploads one object; `sent` receives the bytes uploaded so far. */
export async function putObject(
  s3: S3,
  bucket: string,
  object: Upload,
  sent: (bytes: number) => void,
): Promise<{ readonly versionId: string | undefined }> {
  if (object.body.byteLength > WHOLE_BYTES) return putParts(s3, bucket, object, sent);
  const { key, body, type } = object;
  const input = { Bucket: bucket, Key: key, Body: body, ContentType: type };
  const { VersionId } = await s3("PutObject", input);
  sent(body.byteLength);
  return { versionId: VersionId };
}

async function putParts(
  s3: S3,
  bucket: string,
  { key, body, type }: Upload,
  sent: (bytes: number) => void,
): Promise<{ readonly versionId: string | undefined }> {
  const target = { Bucket: bucket, Key: key };
  const { UploadId } = await s3("CreateMultipartUpload", { ...target, ContentType: type });
  try {
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let start = 0; start < body.byteLength; start += PART_BYTES) {
      const PartNumber = parts.length + 1;
      const Body = body.subarray(start, start + PART_BYTES);
      const { ETag } = await s3("UploadPart", { ...target, UploadId, PartNumber, Body });
      parts.push({ PartNumber, ETag });
      sent(start + Body.byteLength);
    }
    const { VersionId } = await s3("CompleteMultipartUpload", {
      ...target,
      UploadId,
      MultipartUpload: { Parts: parts },
    });
    return { versionId: VersionId };
  } catch (error) {
    // The bucket's lifecycle rule removes what cannot be aborted here.
    await s3("AbortMultipartUpload", { ...target, UploadId }).catch(() => {});
    throw error;
  }
}
