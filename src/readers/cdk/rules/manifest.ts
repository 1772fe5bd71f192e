import { fieldOf, listOf, objectOf, stringIn } from "../../../values/json.ts";
import { mapValues } from "../../../values/map-values.ts";

/** The used parts of a CDK `manifest.json`. Paths are relative to its directory. */
export type Manifest = {
  readonly stacks: readonly ManifestStack[];
  /** Files with the locations of assets. */
  readonly assetFiles: readonly string[];
  /** Directories with their own assembly, one per stage. */
  readonly nested: readonly string[];
  /** Values that the app must look up in an account before its templates are complete. */
  readonly missing: readonly string[];
};

export type ManifestStack = {
  /** Its name for the CDK CLI and other stacks. */
  readonly id: string;
  /** Its path in the app, such as `Dev/Chat`. */
  readonly displayName: string;
  readonly stackName: string;
  readonly templateFile: string;
  /** Undefined if the app leaves it to the CLI. */
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** The ids of artifacts that are deployed first. */
  readonly dependencies: readonly string[];
};

/** Parses a manifest of any CDK version; undefined for anything else. */
export function readManifest(json: unknown): Manifest | undefined {
  if (stringIn(json, "version") === undefined) return undefined;
  const all = Object.entries(objectOf(fieldOf(json, "artifacts")));
  const ofType = (type: string) =>
    all.filter(([, artifact]) => stringIn(artifact, "type") === type);
  const named = (type: string, field: string) =>
    ofType(type).flatMap(([, artifact]) => stringIn(fieldOf(artifact, "properties"), field) ?? []);
  return {
    stacks: ofType("aws:cloudformation:stack").flatMap(([id, artifact]) => stackOf(id, artifact)),
    assetFiles: named("cdk:asset-manifest", "file"),
    nested: named("cdk:cloud-assembly", "directoryName"),
    missing: listOf(fieldOf(json, "missing")).flatMap((each) => stringIn(each, "key") ?? []),
  };
}

/** `aws://123456789012/eu-west-1`, or `aws://unknown-account/unknown-region`. */
const ENVIRONMENT = /^aws:\/\/([^/]+)\/(.+)$/;

function stackOf(id: string, artifact: unknown): readonly ManifestStack[] {
  const properties = fieldOf(artifact, "properties");
  const templateFile = stringIn(properties, "templateFile");
  if (templateFile === undefined) return [];
  const [, account, region] = ENVIRONMENT.exec(stringIn(artifact, "environment") ?? "") ?? [];
  return [
    {
      id,
      displayName: stringIn(artifact, "displayName") ?? id,
      stackName: stringIn(properties, "stackName") ?? id,
      templateFile,
      region: region === "unknown-region" ? undefined : region,
      accountId: account === "unknown-account" ? undefined : account,
      parameters: mapValues(objectOf(fieldOf(properties, "parameters")), (value) => String(value)),
      dependencies: listOf(fieldOf(artifact, "dependencies")).map(String),
    },
  ];
}

/** Locations of assets, by their S3 object keys. */
export function readAssets(json: unknown): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const asset of Object.values(objectOf(fieldOf(json, "files")))) {
    const path = stringIn(fieldOf(asset, "source"), "path");
    if (path === undefined) continue;
    for (const destination of Object.values(objectOf(fieldOf(asset, "destinations")))) {
      const key = stringIn(destination, "objectKey");
      if (key !== undefined) assets.set(key, path);
    }
  }
  return assets;
}
