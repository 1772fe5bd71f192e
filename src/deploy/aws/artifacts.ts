import type { DeleteObjectsCommandOutput } from "@aws-sdk/client-s3";
import { regionOfLocation } from "../rules/bucket.ts";
import { createAwsError, isAwsError, unlessMissing } from "./aws-errors.ts";
import { putObject, type Upload } from "./put-object.ts";
import { createS3 } from "./s3.ts";
import { secureBucket } from "./secure-bucket.ts";
import type { Access } from "./service.ts";

/** The storage from which CloudFormation reads code and templates. */
export type Artifacts = {
  /** `elsewhere`: the bucket exists, but belongs to another account or is not accessible. */
  locate(
    bucket: string,
    owner: string | undefined,
  ): Promise<
    | { readonly kind: "missing" }
    | { readonly kind: "found"; readonly region: string }
    | { readonly kind: "closed"; readonly region: string | undefined }
  >;
  versioning(bucket: string): Promise<"Enabled" | "Suspended" | "Off">;
  create(bucket: string, region: string): Promise<void>;
  /** Blocks public access, enables encryption and sets the policy; versioning comes last. */
  secure(bucket: string, policy: string | undefined): Promise<void>;
  has(bucket: string, key: string, bytes: number): Promise<boolean>;
  /** `sent` is called with the bytes uploaded so far. */
  put(
    bucket: string,
    object: Upload,
    sent: (bytes: number) => void,
  ): Promise<{ readonly versionId: string | undefined }>;
  remove(bucket: string, objects: readonly ObjectVersion[]): Promise<void>;
  /** Every version of every object whose key begins with `prefix`. */
  versions(bucket: string, prefix: string): Promise<readonly ObjectVersion[]>;
};

export type ObjectVersion = { readonly key: string; readonly versionId: string | undefined };

/** The limit of DeleteObjects. */
const REMOVED_AT_ONCE = 1000;

/** Stores artifacts in S3. */
export function createArtifacts(access: Access): Artifacts {
  const s3 = createS3(access);

  return {
    async locate(bucket, owner) {
      const target = {
        Bucket: bucket,
        ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }),
      };
      try {
        await s3("HeadBucket", target);
        const { LocationConstraint } = await s3("GetBucketLocation", target);
        return { kind: "found", region: regionOfLocation(LocationConstraint) };
      } catch (error) {
        if (!isAwsError(error)) throw error;
        if (error.statusCode === 404) return { kind: "missing" };
        if (error.statusCode !== 403 && error.statusCode !== 301) throw error;
        return { kind: "closed", region: error.bucketRegion };
      }
    },

    async versioning(bucket) {
      const { Status } = await s3("GetBucketVersioning", { Bucket: bucket });
      return Status ?? "Off";
    },

    async create(bucket, region) {
      // us-east-1 is S3's default, and S3 rejects it as an explicit location.
      const place =
        region === "us-east-1"
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as never } };
      await unlessMissing(
        () => s3("CreateBucket", { Bucket: bucket, ...place }),
        ({ code }) => code === "BucketAlreadyOwnedByYou",
      );
    },

    secure: (bucket, policy) => secureBucket(s3, bucket, policy),

    async has(bucket, key, bytes) {
      const found = await unlessMissing(
        () => s3("HeadObject", { Bucket: bucket, Key: key }),
        // Without permission to list the bucket, S3 answers 403 for a missing object.
        ({ statusCode }) => statusCode === 404 || statusCode === 403,
      );
      return found?.ContentLength === bytes;
    },

    put: (bucket, object, sent) => putObject(s3, bucket, object, sent),

    async remove(bucket, objects) {
      for (let start = 0; start < objects.length; start += REMOVED_AT_ONCE) {
        const Objects = objects
          .slice(start, start + REMOVED_AT_ONCE)
          .map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
        const { Errors } = await s3("DeleteObjects", { Bucket: bucket, Delete: { Objects } });
        throwIfAny(Errors);
      }
    },

    async versions(bucket, prefix) {
      const all: ObjectVersion[] = [];
      let after: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = {};
      for (;;) {
        const input = { Bucket: bucket, Prefix: prefix, ...after };
        const page = await s3("ListObjectVersions", input);
        const { DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker, Versions = [] } = page;
        for (const { Key = "", VersionId } of [...Versions, ...DeleteMarkers]) {
          all.push({ key: Key, versionId: VersionId });
        }
        if (page.IsTruncated !== true || NextKeyMarker === undefined) return all;
        after = {
          KeyMarker: NextKeyMarker,
          ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }),
        };
      }
    },
  };
}

/**
 * S3 also answers 200 if it has removed nothing, with an error for each object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
function throwIfAny(errors: DeleteObjectsCommandOutput["Errors"] = []): void {
  const [first] = errors;
  if (first === undefined) return;
  const { Key = "", Code = "UnknownError", Message = Code } = first;
  const others = errors.length === 1 ? "" : ` and ${errors.length - 1} more`;
  throw createAwsError(`${Key}${others}: ${Message}`, {
    code: Code,
    service: "S3",
    operation: "DeleteObjects",
    statusCode: undefined,
    bucketRegion: undefined,
  });
}
