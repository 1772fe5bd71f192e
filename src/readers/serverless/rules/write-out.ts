import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { isObject, listOf, objectOf } from "../../cloudformation/rules/tree.ts";
import { addEvents } from "./events.ts";
import { addFunction, addLayer } from "./functions.ts";
import { merged, mergedFields } from "./merge.ts";
import { checkPlugins } from "./plugins.ts";
import { withPseudoParameters } from "./pseudo-parameters.ts";
import { addDefaultRole } from "./roles.ts";
import { withSeeds } from "./seeds.ts";
import { checkWords, WORDS } from "./vocabulary.ts";
import { type Service, Written } from "./written.ts";

/**
 * Writes the CloudFormation template of a service, with the logical ids and names that Serverless generates,
 * and with its `resources`. Created resources have the places of their sources.
 * @see https://www.serverless.com/framework/docs/providers/aws/guide/resources
 */
export function writeOut(
  service: Service,
  root: JsonObject,
  { origins, report }: { readonly origins: Origins; readonly report: Report },
): JsonObject {
  const written = new Written(service, origins, report);
  check(written, root);
  for (const [key, layer] of Object.entries(service.layers)) addLayer(written, key, layer);
  for (const [key, fn] of Object.entries(service.functions)) {
    addFunction(written, key, fn);
  }
  addEvents(written);
  addDefaultRole(written);
  const { extensions, ...resources } = service.resources;
  const own: JsonObject = { Resources: Object.fromEntries(written.resources) };
  const whole = merged(own, origins.inherit(resources, service.resources), origins);
  const made = extended(written, whole, objectOf(extensions));
  const template = withSeeds(made, service.custom, origins);
  const isChanged = service.plugins.includes("serverless-pseudo-parameters");
  return isChanged ? withPseudoParameters(template, origins) : template;
}

function check(written: Written, root: JsonObject): void {
  const { service } = written;
  checkWords(written, "the service", root, WORDS.service);
  checkWords(written, "provider", service.provider, WORDS.provider);
  for (const [key, fn] of Object.entries(service.functions)) {
    checkWords(written, `the function ${key}`, fn, WORDS.function);
    for (const event of listOf(fn.events)) {
      const settings = isObject(event) ? event.websocket : undefined;
      if (isObject(settings)) checkWords(written, "a websocket event", settings, WORDS.websocket);
    }
  }
  checkPlugins(written, { node: root, key: "plugins" });
}

/** Applies `resources.extensions` to the resources that Serverless creates. */
function extended(written: Written, template: JsonObject, extensions: JsonObject): JsonObject {
  const { origins } = written;
  const resources: Record<string, Json> = { ...objectOf(template.Resources) };
  for (const [id, extension] of Object.entries(extensions)) {
    const known = resources[id];
    if (known === undefined && id.endsWith("LogGroup")) continue; // log groups have no effect here and are not written
    if (!isObject(known) || !isObject(extension)) {
      const problem = `extensions contains "${id}", which Serverless does not create. Correct its logical id.`;
      written.error(problem, { node: extensions, key: id });
      continue;
    }
    const { Properties, ...attributes } = extension;
    const properties = mergedFields(objectOf(known.Properties), objectOf(Properties), origins);
    const changed: JsonObject = { ...known, ...attributes, Properties: properties };
    resources[id] = origins.inherit(changed, known);
  }
  return origins.inherit({ ...template, Resources: resources }, template);
}
