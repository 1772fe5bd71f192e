import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { isIntrinsic } from "./expansion.ts";

/** The names that a kind of resource gives to the parts of an S3 location. */
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
 * Where code lies, as CloudFormation takes it: an S3 URI or `{ Bucket, Key, Version }` in its own words; a local path
 * stays the string that it is, as in a template that `aws cloudformation package` takes.
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
