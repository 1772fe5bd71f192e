import { posix } from "node:path";
import { ref } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { BUCKET_PARAMETER, layerLogicalId } from "./logical-ids.ts";
import type { Resource } from "./model.ts";

/** The name of a layer: its directory in canonical form. */
export function layerName(directory: string): string {
  return posix.normalize(`${directory}/.`).replace(/\/$/, "");
}

/** Layers by name, with the keys of their zips. A changed zip creates a new version of the layer. */
export function layerResources(
  layers: ReadonlyMap<string, string>,
): Readonly<Record<string, Resource>> {
  return Object.fromEntries(
    [...layers].map(([name, key]) => [
      layerLogicalId(name),
      {
        Type: "AWS::Lambda::LayerVersion",
        Properties: {
          Content: { S3Bucket: ref(BUCKET_PARAMETER), S3Key: key },
          Description: name.slice(-MOST_CHARACTERS),
        },
      },
    ]),
  );
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html */
const MOST_CHARACTERS = 256;
