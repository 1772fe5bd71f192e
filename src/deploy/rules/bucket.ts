import { partitionOf } from "../../definition/region.ts";

/** An account number that does not exist, used if the account is unknown. */
export const NO_ACCOUNT = "000000000000";

/** The bucket that wsgw manages, one per account and region. */
export function managedBucket(account: string, region: string): string {
  return `wsgw-artifacts-${account}-${region}`;
}

/** Tag of a stack whose template contains the bucket's name instead of a parameter. */
export const BUCKET_TAG = "wsgw:bucket";

/**
 * The region of a bucket, from the result of GetBucketLocation.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export function regionOfLocation(location: string | null | undefined): string {
  if (location === null || location === undefined || location === "") return "us-east-1";
  return location === "EU" ? "eu-west-1" : location;
}

/** Denies all access without TLS. */
export function tlsOnlyPolicy(bucket: string, region: string): string {
  const arn = `arn:${partitionOf(region).name}:s3:::${bucket}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

/**
 * The URL from which CloudFormation reads an object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function objectUrl(bucket: string, key: string, region: string): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  // A bucket name with a dot does not match the certificate of the virtual host.
  return bucket.includes(".")
    ? `https://s3.${region}.${partitionOf(region).domain}/${bucket}/${path}`
    : `https://${bucket}.s3.${region}.${partitionOf(region).domain}/${path}`;
}
