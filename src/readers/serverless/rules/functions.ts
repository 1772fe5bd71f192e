import { given } from "../../../values/given.ts";
import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";
import { getAtt } from "../../cloudformation/rules/write-intrinsics.ts";
import { bundling } from "./esbuild-settings.ts";
import { functionId, layerId } from "./names.ts";
import { DEFAULT_ROLE, ownRole } from "./roles.ts";
import { type Service, textOr, type Written } from "./written.ts";

/** CloudFormation properties by a service's property. */
const RENAMED = {
  Code: "handler",
  Description: "description",
  Environment: "environment",
  FunctionName: "name",
  Handler: "handler",
  Layers: "layers",
  MemorySize: "memorySize",
  PackageType: "image",
  Role: "role",
  Runtime: "runtime",
  Timeout: "timeout",
};

const DEFAULTS = { memorySize: 1024, timeout: 6, runtime: "nodejs24.x" };

export function addFunction(written: Written, key: string, fn: JsonObject): void {
  const { service } = written;
  const { provider } = service;
  const spot = { node: fn };
  const { handler, image } = fn;
  if (handler === undefined && image === undefined) {
    const problem = `the function ${key} has neither handler nor image. Add one, such as handler: src/${key}.handler.`;
    written.error(problem, spot);
    return;
  }
  const variables = { ...objectOf(provider.environment), ...objectOf(fn.environment) };
  const environment = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== null),
  );
  const code: JsonObject =
    image === undefined
      ? {
          Handler: handler ?? "",
          Runtime: fn.runtime ?? provider.runtime ?? DEFAULTS.runtime,
          Code: codeOf(service, fn),
        }
      : { PackageType: "Image", Code: { ImageUri: typeof image === "string" ? image : key } };
  const properties = given({
    ...code,
    FunctionName: written.nameOf(key),
    Description: fn.description,
    MemorySize: fn.memorySize || provider.memorySize || DEFAULTS.memorySize,
    Timeout: fn.timeout || provider.timeout || DEFAULTS.timeout,
    Environment: Object.keys(environment).length === 0 ? undefined : { Variables: environment },
    Role: roleOf(written, key, fn),
    Layers: fn.layers ?? provider.layers,
  });
  const metadata = image === undefined ? bundling(service) : undefined;
  written.put(
    functionId(key),
    "AWS::Lambda::Function",
    properties,
    spot,
    RENAMED,
    given({ Metadata: metadata, Condition: fn.condition }),
  );
}

/** A zip file named by the service, a directory that a plugin packs for Python, else the whole service. */
function codeOf(service: Service, fn: JsonObject): Json {
  const artifact = objectOf(fn.package).artifact ?? service.package.artifact;
  if (typeof artifact === "string") return artifact;
  const isModule = service.plugins.includes("serverless-python-requirements");
  return isModule ? textOr(fn.module, ".") : ".";
}

/** A logical id, an ARN, or an intrinsic function. */
function roleOf(written: Written, key: string, fn: JsonObject): Json {
  const { provider } = written.service;
  const own = ownRole(written, key, fn);
  const iam = objectOf(provider.iam).role;
  const isReference = typeof iam === "string" || (isObject(iam) && isIntrinsic(iam));
  const role = own ?? fn.role ?? (isReference ? iam : undefined) ?? provider.role ?? DEFAULT_ROLE;
  return typeof role === "string" && !role.startsWith("arn:") ? getAtt(role, "Arn") : role;
}

function isIntrinsic(value: JsonObject): boolean {
  return Object.keys(value).some((key) => key === "Ref" || key.includes("::"));
}

export function addLayer(written: Written, key: string, layer: JsonObject): void {
  const content = objectOf(layer.package).artifact ?? layer.path;
  const spot = { node: layer };
  if (typeof content !== "string") {
    written.error(`the layer ${key} has no path. Add the directory of its files.`, spot);
    return;
  }
  const properties = given({
    Content: content,
    LayerName: layer.name ?? key,
    Description: layer.description,
  });
  written.put(layerId(key), "AWS::Lambda::LayerVersion", properties, spot, {
    Content: "path",
    LayerName: "name",
  });
}
