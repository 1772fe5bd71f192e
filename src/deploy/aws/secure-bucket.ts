import type { S3 } from "./s3.ts";

const OLD_VERSION_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 1;

/**
 * Configures a bucket for code. Versioning comes last: a bucket with versioning has the rest as well, even if
 * an earlier run was interrupted here.
 */
export async function secureBucket(
  s3: S3,
  bucket: string,
  policy: string | undefined,
): Promise<void> {
  await s3("PutPublicAccessBlock", {
    Bucket: bucket,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  await s3("PutBucketEncryption", {
    Bucket: bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
    },
  });
  if (policy !== undefined) {
    await s3("PutBucketPolicy", { Bucket: bucket, Policy: policy });
  }
  await s3("PutBucketLifecycleConfiguration", {
    Bucket: bucket,
    LifecycleConfiguration: {
      Rules: [
        {
          // Current versions stay: a rollback of a stack reads its previous code.
          ID: "wsgw-leftovers",
          Status: "Enabled",
          Filter: { Prefix: "" },
          NoncurrentVersionExpiration: { NoncurrentDays: OLD_VERSION_DAYS },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: UNFINISHED_UPLOAD_DAYS },
        },
      ],
    },
  });
  await s3("PutBucketVersioning", {
    Bucket: bucket,
    VersioningConfiguration: { Status: "Enabled" },
  });
}
