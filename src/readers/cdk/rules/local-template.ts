import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { ENTRY } from "../../sam/rules/build-properties.ts";

/** Where the assets of a template are, from its folder. */
export type LocalAssets = {
  /** By the keys of their objects in S3, for a template without metadata. */
  readonly byKey: ReadonlyMap<string, string>;
  /** Where the code of one was written, if that is known. */
  readonly sourceOf: (asset: string, handler: string | undefined) => AssetSource | undefined;
};

/** Where the code of an asset was written. */
export type AssetSource = {
  /** Absolute. */
  readonly folder: string;
  /** From that folder; undefined for a layer. */
  readonly handler: string | undefined;
  /** For code that esbuild has to build: what its bundle was. */
  readonly format?: "cjs" | "esm";
  /** Its file, from that folder, where the handler cannot name it. */
  readonly entry?: string;
};

/**
 * A template of the CDK as it is read here: without what the CDK adds for its own sake, with the paths of local assets,
 * and with the sources of these where they are known.
 */
export function localTemplate(
  template: JsonObject,
  assets: LocalAssets,
  origins: Origins,
): JsonObject {
  const { Rules: _, ...sections } = template;
  const { Resources: resources } = template;
  if (!isObject(resources)) return template;
  const providers = providersOf(resources);
  const kept = Object.entries(resources).filter(
    ([, resource]) => !(isObject(resource) && resource.Type === "AWS::CDK::Metadata"),
  );
  const local = kept.map(([id, resource]): [string, Json] => {
    if (!isObject(resource)) return [id, resource];
    const made = providers.has(id)
      ? { ...resource, Type: "Custom::Provider" }
      : withLocalAsset(resource, assets, origins);
    return [id, origins.inherit(made, resource)];
  });
  const made: JsonObject = {
    ...sections,
    ...without(template, "Parameters", "BootstrapVersion", origins),
    ...without(template, "Conditions", "CDKMetadataAvailable", origins),
    Resources: origins.inherit(Object.fromEntries(local), resources),
  };
  return origins.inherit(made, template);
}

function without(
  template: JsonObject,
  section: string,
  name: string,
  origins: Origins,
): JsonObject {
  const { [section]: entries } = template;
  if (!isObject(entries) || !Object.hasOwn(entries, name)) return {};
  const { [name]: _, ...others } = entries;
  return { [section]: origins.inherit(others, entries) };
}

/** The functions that only CloudFormation calls, for custom resources: the CDK's own, mostly. */
function providersOf(resources: JsonObject): ReadonlySet<string> {
  const tokens = Object.values(resources).map((resource) => {
    const properties = isObject(resource) ? resource.Properties : undefined;
    return isObject(properties) ? properties.ServiceToken : undefined;
  });
  return new Set(
    tokens.flatMap((token) => {
      const target = isObject(token) ? token["Fn::GetAtt"] : undefined;
      return Array.isArray(target) && typeof target[0] === "string" ? [target[0]] : [];
    }),
  );
}

/** Which property of a resource says where its asset is in S3, by type. */
const CODE: Readonly<Record<string, string>> = {
  "AWS::Lambda::Function": "Code",
  "AWS::Lambda::LayerVersion": "Content",
};

function withLocalAsset(resource: JsonObject, assets: LocalAssets, origins: Origins): JsonObject {
  const { Type: type, Metadata: metadata = {}, Properties: properties } = resource;
  if (!isObject(metadata) || !isObject(properties) || typeof type !== "string") return resource;
  const given = metadata["aws:asset:path"];
  const known = typeof given === "string" ? given : undefined;
  const withProperties = (changed: JsonObject): JsonObject => ({
    ...resource,
    Properties: origins.inherit({ ...properties, ...changed }, properties),
  });
  if (type === "AWS::CloudFormation::Stack") {
    const path = known ?? assetOf(properties.TemplateURL, assets.byKey);
    return path === undefined ? resource : withProperties({ TemplateURL: path });
  }
  const code = properties[CODE[type] ?? ""];
  const path = known ?? (isObject(code) ? assetOf(code.S3Key, assets.byKey) : undefined);
  if (path === undefined || code === undefined) return resource;
  const { Handler: handler } = properties;
  const source = assets.sourceOf(path, typeof handler === "string" ? handler : undefined);
  const { folder = path, handler: ownHandler, format, entry } = source ?? {};
  return {
    ...(ownHandler === undefined ? resource : withProperties({ Handler: ownHandler })),
    Metadata: {
      ...metadata,
      "aws:asset:path": folder,
      ...(format && { BuildMethod: "esbuild", BuildProperties: { Format: format } }),
      ...(entry !== undefined && { [ENTRY]: entry }),
    },
  };
}

/** The asset that a key or a URL leads to, which may be joined of parts: the key is the last of these. */
function assetOf(value: Json | undefined, assets: ReadonlyMap<string, string>): string | undefined {
  const joined = isObject(value) ? value["Fn::Join"] : undefined;
  const parts = Array.isArray(joined) && Array.isArray(joined[1]) ? joined[1] : [value];
  const last = parts.at(-1);
  const text = isObject(last) ? last["Fn::Sub"] : last;
  if (typeof text !== "string") return undefined;
  return assets.get(text) ?? [...assets].find(([key]) => text.endsWith(`/${key}`))?.[1];
}
