import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";

/**
 * A CDK template without what the CDK adds for its own use: metadata, checks of the bootstrap version, and
 * the functions of custom resources.
 */
export function withoutOwnAdditions(template: JsonObject, origins: Origins): JsonObject {
  const { Rules: _, ...sections } = template;
  const { Resources: resources } = template;
  if (!isObject(resources)) return template;
  const providers = providersOf(resources);
  const kept = Object.entries(resources).filter(
    ([, resource]) => !(isObject(resource) && resource.Type === "AWS::CDK::Metadata"),
  );
  const own = kept.map(([id, resource]): [string, Json] =>
    isObject(resource) && providers.has(id)
      ? [id, origins.inherit({ ...resource, Type: "Custom::Provider" }, resource)]
      : [id, resource],
  );
  const made: JsonObject = {
    ...sections,
    ...without(template, "Parameters", "BootstrapVersion", origins),
    ...without(template, "Conditions", "CDKMetadataAvailable", origins),
    Resources: origins.inherit(Object.fromEntries(own), resources),
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

/** Functions that only CloudFormation calls for custom resources, mostly the CDK's own. */
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
