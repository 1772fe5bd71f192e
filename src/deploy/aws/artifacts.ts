import type { DeleteObjectsCommandOutput } from "@aws-sdk/client-s3";
import type { Artifacts } from "../ports.ts";
import { regionOfLocation } from "../rules/bucket.ts";
import { calling, createRefusal, isRefusal, unlessMissing } from "./aws-errors.ts";
import type { ClientSettings } from "./connect.ts";
import { putObject } from "./put-object.ts";
import { secureBucket } from "./secure-bucket.ts";

const SERVICE = "S3";
/** DeleteObjects takes no more. */
const REMOVED_AT_ONCE = 1000;

export type S3 = {
  readonly sdk: typeof import("./sdk/s3.ts");
  readonly client: import("@aws-sdk/client-s3").S3Client;
};

/** Keeps artifacts in S3. */
export function createArtifacts(settings: ClientSettings): Artifacts {
  let opened: Promise<S3> | undefined;
  async function open(): Promise<S3> {
    const sdk = await import("./sdk/s3.ts");
    // Servers at addresses of their own have no host for each bucket.
    const forcePathStyle = settings.endpoint !== undefined;
    const client = new sdk.S3Client({ ...settings, forcePathStyle, followRegionRedirects: true });
    return { sdk, client };
  }
  const access = () => {
    opened ??= open();
    return opened;
  };

  return {
    async locate(bucket, owner) {
      const { sdk, client } = await access();
      const target = {
        Bucket: bucket,
        ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }),
      };
      try {
        await calling(SERVICE, "HeadBucket", () => client.send(new sdk.HeadBucketCommand(target)));
        const { LocationConstraint } = await calling(SERVICE, "GetBucketLocation", () =>
          client.send(new sdk.GetBucketLocationCommand(target)),
        );
        return { kind: "found", region: regionOfLocation(LocationConstraint) };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (error.statusCode === 404) return { kind: "missing" };
        if (error.statusCode !== 403 && error.statusCode !== 301) throw error;
        return { kind: "closed", region: error.bucketRegion };
      }
    },

    async versioning(bucket) {
      const { sdk, client } = await access();
      const command = new sdk.GetBucketVersioningCommand({ Bucket: bucket });
      const { Status } = await calling(SERVICE, "GetBucketVersioning", () => client.send(command));
      return Status ?? "Off";
    },

    async create(bucket, region) {
      const { sdk, client } = await access();
      // us-east-1 is what S3 takes when none is named, and it refuses to have it named.
      const place =
        region === "us-east-1"
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as never } };
      const command = new sdk.CreateBucketCommand({ Bucket: bucket, ...place });
      await unlessMissing(
        () => calling(SERVICE, "CreateBucket", () => client.send(command)),
        ({ code }) => code === "BucketAlreadyOwnedByYou",
      );
    },

    async secure(bucket, policy) {
      await secureBucket(await access(), bucket, policy);
    },

    async has(bucket, key, bytes) {
      const { sdk, client } = await access();
      const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: key });
      const found = await unlessMissing(
        () => calling(SERVICE, "HeadObject", () => client.send(command)),
        // Without permission to list the bucket, S3 says 403 for an object that is not there.
        ({ statusCode }) => statusCode === 404 || statusCode === 403,
      );
      return found?.ContentLength === bytes;
    },

    async put(bucket, object, sent) {
      return putObject(await access(), bucket, object, sent);
    },

    async remove(bucket, objects) {
      const { sdk, client } = await access();
      for (let start = 0; start < objects.length; start += REMOVED_AT_ONCE) {
        const Objects = objects
          .slice(start, start + REMOVED_AT_ONCE)
          .map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
        const command = new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } });
        const { Errors } = await calling(SERVICE, "DeleteObjects", () => client.send(command));
        throwIfAny(Errors);
      }
    },

    async versions(bucket, prefix) {
      const { sdk, client } = await access();
      const all: { key: string; versionId: string | undefined }[] = [];
      let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
      while (marker !== undefined) {
        const command: InstanceType<typeof sdk.ListObjectVersionsCommand> =
          new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...marker });
        const page = await calling(SERVICE, "ListObjectVersions", () => client.send(command));
        for (const { Key = "", VersionId } of [
          ...(page.Versions ?? []),
          ...(page.DeleteMarkers ?? []),
        ]) {
          all.push({ key: Key, versionId: VersionId });
        }
        marker =
          page.IsTruncated === true && page.NextKeyMarker !== undefined
            ? {
                KeyMarker: page.NextKeyMarker,
                ...(page.NextVersionIdMarker === undefined
                  ? {}
                  : { VersionIdMarker: page.NextVersionIdMarker }),
              }
            : undefined;
      }
      return all;
    },
  };
}

/**
 * S3 answers 200 also when it has removed nothing, and tells of each object what kept it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
function throwIfAny(errors: DeleteObjectsCommandOutput["Errors"] = []): void {
  const [first] = errors;
  if (first === undefined) return;
  const { Key = "", Code = "UnknownError", Message = Code } = first;
  const others = errors.length === 1 ? "" : ` and ${errors.length - 1} more`;
  throw createRefusal(`${Key}${others}: ${Message}`, {
    code: Code,
    service: SERVICE,
    operation: "DeleteObjects",
    statusCode: undefined,
    bucketRegion: undefined,
  });
}
