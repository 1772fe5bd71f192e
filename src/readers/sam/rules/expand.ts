import { nearest } from "../../../values/nearest.ts";
import type { JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { field, isObject, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { expandHttpApi, expandRestApi, IMPLICIT, sharedCondition } from "./apis.ts";
import { connect } from "./connectors.ts";
import { Expansion, type SamResource } from "./expansion.ts";
import { expandFunction } from "./functions.ts";
import { globalsOf, withGlobals } from "./globals.ts";
import { expandApplication, expandLayer, expandStateMachine, expandTable } from "./others.ts";
import { resolveReferences } from "./references.ts";
import { LEFT_ALONE, SAM_PROPERTIES, type SamType } from "./vocabulary.ts";
import { expandWebSocketApi } from "./websocket-apis.ts";

const TRANSFORM = "AWS::Serverless-2016-10-31";
const PREFIX = "AWS::Serverless::";

const EXPAND: Readonly<Record<SamType, (expansion: Expansion, sam: SamResource) => void>> = {
  Function: expandFunction,
  Api: expandRestApi,
  HttpApi: expandHttpApi,
  WebSocketApi: expandWebSocketApi,
  SimpleTable: expandTable,
  LayerVersion: expandLayer,
  StateMachine: expandStateMachine,
  Application: expandApplication,
  Connector: (expansion, { id }) => expansion.resources.delete(id), // connect() reads it later.
};

/** Whether the template uses SAM's transform. */
export function isSam(template: JsonObject): boolean {
  return oneOrMore(template.Transform).includes(TRANSFORM);
}

/**
 * Expands a SAM template to plain CloudFormation, as SAM's transform does; intrinsic functions stay. Code,
 * layers and nested templates keep local paths, as for `aws cloudformation package`. Created resources have
 * the places of their sources. Other templates are returned unchanged.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
export function expandSam(
  template: JsonObject,
  { origins, report }: { readonly origins: Origins; readonly report: Report },
): JsonObject {
  if (!isSam(template)) return template;
  const expansion = new Expansion(origins, report);
  const globals = globalsOf(template, expansion);
  const resources = expansion.map("The template", template, "Resources");
  for (const [id, resource] of Object.entries(resources)) {
    expansion.resources.set(id, isObject(resource) ? resource : { Type: resource });
  }
  const sams = Object.keys(resources).flatMap(
    (id) => samResource(expansion, globals, resources, id) ?? [],
  );
  expandAll(expansion, globals, sams);
  connect(expansion, resources, sams);
  return resolveReferences(assembled(template, resources, expansion), expansion);
}

/** The template with the created resources instead of SAM's. */
function assembled(template: JsonObject, resources: JsonObject, expansion: Expansion): JsonObject {
  const { Globals: _, Transform: __, Conditions, ...others } = template;
  const rest = oneOrMore(template.Transform).filter((name) => name !== TRANSFORM);
  const conditions = objectOf(Conditions);
  const made = Object.fromEntries(
    [...expansion.resources].map(([id, resource]) => {
      const written = field(resources, id);
      return [id, isObject(written) || written === undefined ? resource : written];
    }),
  );
  const all = {
    ...others,
    ...(rest.length > 0 && { Transform: rest }),
    ...((Conditions !== undefined || expansion.conditions.size > 0) && {
      Conditions: expansion.origins.inherit(
        { ...conditions, ...Object.fromEntries(expansion.conditions) },
        conditions,
      ),
    }),
    Resources: expansion.origins.inherit(made, resources),
  };
  return expansion.origins.inherit(all, template);
}

/** A resource of a SAM type, checked; undefined for all others. */
function samResource(
  expansion: Expansion,
  globals: ReadonlyMap<string, JsonObject>,
  resources: JsonObject,
  id: string,
): SamResource | undefined {
  const resource = resources[id];
  if (!isObject(resource)) return undefined;
  const type = resource.Type;
  if (typeof type !== "string" || !type.startsWith(PREFIX)) return undefined;
  const name = type.slice(PREFIX.length);
  const words = field(SAM_PROPERTIES, name);
  if (words === undefined) {
    if (LEFT_ALONE.some((known) => known === name)) return undefined;
    const near = nearest(name, [...Object.keys(SAM_PROPERTIES), ...LEFT_ALONE]);
    const meant = near === undefined ? "." : `. Did you mean "${PREFIX}${near}"?`;
    const problem = `Resource ${JSON.stringify(id)} has the type ${JSON.stringify(type)}, which SAM does not know${meant}`;
    expansion.error(problem, resource, "Type");
    return undefined;
  }
  const what = `${name} ${JSON.stringify(id)}`;
  const local = expansion.origins.inherit(expansion.map(what, resource, "Properties"), resource);
  const shared = globals.get(name);
  const merged = shared ? withGlobals(what, resource, local, shared, expansion) : local;
  const properties = expansion.present(merged);
  expansion.checkWords(what, properties, words);
  return { id, type: name as SamType, written: resource, properties };
}

/** Functions first, because their events determine the routes of the APIs. */
function expandAll(
  expansion: Expansion,
  globals: ReadonlyMap<string, JsonObject>,
  sams: readonly SamResource[],
): void {
  const apis = sams.filter(({ type }) => type === "Api" || type === "HttpApi");
  for (const sam of sams.filter((each) => !apis.includes(each))) EXPAND[sam.type](expansion, sam);
  for (const sam of [...apis, ...implicitApis(expansion, globals)])
    EXPAND[sam.type](expansion, sam);
}

/** The APIs of events without an API resource. */
function implicitApis(
  expansion: Expansion,
  globals: ReadonlyMap<string, JsonObject>,
): readonly SamResource[] {
  return (["Api", "HttpApi"] as const).flatMap((type) => {
    const { id, properties } = IMPLICIT[type];
    const paths = expansion.apiPaths.filter((path) => path.type === type && path.api === undefined);
    const [first] = paths;
    if (first === undefined || expansion.resources.has(id)) return [];
    const written = expansion.origins.inherit(sharedCondition(paths), first.operation);
    const local = expansion.origins.inherit({ ...properties }, first.operation);
    const shared = globals.get(type) ?? {};
    return [{ id, type, written, properties: withGlobals(id, written, local, shared, expansion) }];
  });
}
