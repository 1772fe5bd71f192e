import { mapValues } from "../../../values/map-values.ts";
import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { ENTRY } from "../../sam/rules/build-properties.ts";

/** Locations of a template's assets, relative to its directory. */
export type LocalAssets = {
  /** By their S3 object keys, for a template without metadata. */
  readonly byKey: ReadonlyMap<string, string>;
  /** The source of an asset, if known. */
  readonly sourceOf: (asset: string, handler: string | undefined) => AssetSource | undefined;
};

/** The source of an asset. */
export type AssetSource = {
  /** Absolute. */
  readonly directory: string;
  /** Relative to that directory; undefined for a layer. */
  readonly handler: string | undefined;
  /** For code that esbuild must build: the format of its bundle. */
  readonly format?: "cjs" | "esm";
  /** Its file, relative to that directory, if the handler string cannot name it. */
  readonly entry?: string;
};

/** A CDK template with the paths of local assets, and with their sources if known. */
export function withLocalAssets(
  template: JsonObject,
  assets: LocalAssets,
  origins: Origins,
): JsonObject {
  const { Resources: resources } = template;
  if (!isObject(resources)) return template;
  const local = mapValues(resources, (resource) =>
    isObject(resource)
      ? origins.inherit(withLocalAsset(resource, assets, origins), resource)
      : resource,
  );
  return origins.inherit({ ...template, Resources: origins.inherit(local, resources) }, template);
}

/** The property with the S3 location of an asset, by resource type. */
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
  const { directory = path, handler: ownHandler, format, entry } = source ?? {};
  return {
    ...(ownHandler === undefined ? resource : withProperties({ Handler: ownHandler })),
    Metadata: {
      ...metadata,
      "aws:asset:path": directory,
      ...(format && { BuildMethod: "esbuild", BuildProperties: { Format: format } }),
      ...(entry !== undefined && { [ENTRY]: entry }),
    },
  };
}

/** The asset of a key or URL, which may be joined from parts: the key is the last of them. */
function assetOf(value: Json | undefined, assets: ReadonlyMap<string, string>): string | undefined {
  const joined = isObject(value) ? value["Fn::Join"] : undefined;
  const parts = Array.isArray(joined) && Array.isArray(joined[1]) ? joined[1] : [value];
  const last = parts.at(-1);
  const text = isObject(last) ? last["Fn::Sub"] : last;
  if (typeof text !== "string") return undefined;
  return assets.get(text) ?? [...assets].find(([key]) => text.endsWith(`/${key}`))?.[1];
}
