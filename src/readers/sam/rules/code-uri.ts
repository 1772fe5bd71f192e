import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { isIntrinsic } from "./expansion.ts";

/** The names of an S3 location's parts, by resource type. */
export type LocationNames = {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
};

export const CODE_LOCATION: LocationNames = {
  bucket: "S3Bucket",
  key: "S3Key",
  version: "S3ObjectVersion",
};

/**
 * A code location as CloudFormation expects it: an S3 URI or `{ Bucket, Key, Version }` with its own names. A
 * local path stays a string, as in a template for `aws cloudformation package`.
 */
export function locationOf(uri: Json, names: LocationNames = CODE_LOCATION): Json | undefined {
  if (typeof uri === "string") return inS3(uri, names) ?? uri;
  if (isIntrinsic(uri)) return uri;
  if (!isObject(uri) || uri.Bucket === undefined || uri.Key === undefined) return undefined;
  return named(uri.Bucket, uri.Key, uri.Version, names);
}

function inS3(uri: string, names: LocationNames): JsonObject | undefined {
  const [, bucket, key, query = ""] = /^s3:\/\/([^/?]+)\/+([^?]+)(?:\?(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) return undefined;
  return named(bucket, key, new URLSearchParams(query).get("versionId") ?? undefined, names);
}

function named(
  bucket: Json,
  key: Json,
  version: Json | undefined,
  names: LocationNames,
): JsonObject {
  const rest = version === undefined ? {} : { [names.version]: version };
  return { [names.bucket]: bucket, [names.key]: key, ...rest };
}
