import { fieldOf, isObject, stringIn } from "../../../values/json.ts";

/** What a `manifest.json` of the CDK says, as far as it matters here. Paths are relative to its folder. */
export type Manifest = {
  readonly stacks: readonly ManifestStack[];
  /** Files that say where assets are. */
  readonly assetFiles: readonly string[];
  /** Folders with an assembly of their own, a stage each. */
  readonly nested: readonly string[];
  /** What the app has to look up in an account before its templates are whole. */
  readonly missing: readonly string[];
};

export type ManifestStack = {
  /** By which the CDK's command line and other stacks name it. */
  readonly id: string;
  /** Its path in the app, such as `Dev/Chat`. */
  readonly displayName: string;
  readonly stackName: string;
  readonly templateFile: string;
  /** Undefined where the app leaves it to the command line. */
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** The ids of artifacts that are deployed before it. */
  readonly dependencies: readonly string[];
};

/** Reads a manifest, whatever version of the CDK wrote it; undefined for anything else. */
export function readManifest(json: unknown): Manifest | undefined {
  const artifacts = fieldOf(json, "artifacts");
  if (stringIn(json, "version") === undefined) return undefined;
  const all = isObject(artifacts) ? Object.entries(artifacts) : [];
  const ofType = (type: string) =>
    all.filter(([, artifact]) => stringIn(artifact, "type") === type);
  const named = (type: string, field: string) =>
    ofType(type).flatMap(([, artifact]) => stringIn(fieldOf(artifact, "properties"), field) ?? []);
  const missing = fieldOf(json, "missing");
  return {
    stacks: ofType("aws:cloudformation:stack").flatMap(([id, artifact]) => stackOf(id, artifact)),
    assetFiles: named("cdk:asset-manifest", "file"),
    nested: named("cdk:cloud-assembly", "directoryName"),
    missing: (Array.isArray(missing) ? missing : []).flatMap((each) => stringIn(each, "key") ?? []),
  };
}

/** `aws://123456789012/eu-west-1`, or `aws://unknown-account/unknown-region`. */
const ENVIRONMENT = /^aws:\/\/([^/]+)\/(.+)$/;

function stackOf(id: string, artifact: unknown): readonly ManifestStack[] {
  const properties = fieldOf(artifact, "properties");
  const templateFile = stringIn(properties, "templateFile");
  if (templateFile === undefined) return [];
  const [, account, region] = ENVIRONMENT.exec(stringIn(artifact, "environment") ?? "") ?? [];
  const parameters = fieldOf(properties, "parameters");
  const dependencies = fieldOf(artifact, "dependencies");
  return [
    {
      id,
      displayName: stringIn(artifact, "displayName") ?? id,
      stackName: stringIn(properties, "stackName") ?? id,
      templateFile,
      region: region === "unknown-region" ? undefined : region,
      accountId: account === "unknown-account" ? undefined : account,
      parameters: Object.fromEntries(
        Object.entries(isObject(parameters) ? parameters : {}).map(([name, value]) => [
          name,
          String(value),
        ]),
      ),
      dependencies: (Array.isArray(dependencies) ? dependencies : []).map(String),
    },
  ];
}

/** Where assets are, by the keys of the objects that they become in S3. */
export function readAssets(json: unknown): ReadonlyMap<string, string> {
  const files = fieldOf(json, "files");
  const assets = new Map<string, string>();
  for (const asset of Object.values(isObject(files) ? files : {})) {
    const path = stringIn(fieldOf(asset, "source"), "path");
    const destinations = fieldOf(asset, "destinations");
    if (path === undefined || !isObject(destinations)) continue;
    for (const destination of Object.values(destinations)) {
      const key = stringIn(destination, "objectKey");
      if (key !== undefined) assets.set(key, path);
    }
  }
  return assets;
}

/** Those stacks that a person means by a name, with all that they depend on; undefined where none has the name. */
export function chosenStacks<
  T extends Pick<ManifestStack, "id" | "displayName" | "stackName" | "dependencies">,
>(stacks: readonly T[], name: string): readonly T[] | undefined {
  const meant = stacks.filter(({ id, displayName, stackName }) =>
    [id, displayName, stackName].includes(name),
  );
  if (meant.length === 0) return undefined;
  const chosen = new Set<T>();
  const choose = (stack: T): void => {
    if (chosen.has(stack)) return;
    chosen.add(stack);
    for (const each of stacks) if (stack.dependencies.includes(each.id)) choose(each);
  };
  for (const stack of meant) choose(stack);
  return stacks.filter((stack) => chosen.has(stack));
}
