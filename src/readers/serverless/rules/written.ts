import { mapValues } from "../../../values/map-values.ts";
import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";
import { getAtt, join, ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { functionId } from "./names.ts";

/** A service with resolved variables. */
export type Service = {
  readonly name: string;
  readonly stage: string;
  readonly provider: JsonObject;
  readonly functions: Readonly<Record<string, JsonObject>>;
  readonly layers: Readonly<Record<string, JsonObject>>;
  /** Merged over the template. */
  readonly resources: JsonObject;
  readonly package: JsonObject;
  readonly custom: JsonObject;
  readonly build: JsonObject;
  readonly plugins: readonly string[];
  /** Placeholder names for values that are unknown here. */
  readonly open: ReadonlySet<string>;
};

/** The place of a node in a service, or of its value under a key. */
export type Spot = { readonly node: unknown; readonly key?: string };

/** An event of a function, such as `{ sqs: { arn } }`. */
export type ServiceEvent = Spot & {
  /** Name of the function in the service. */
  readonly name: string;
  /** Counts from 0, over all events of the function. */
  readonly index: number;
  readonly kind: string;
  readonly value: Json;
};

/** The resources of a service's template while they are written. */
export class Written {
  readonly service: Service;
  readonly resources = new Map<string, JsonObject>();
  /** The permissions of the default role, in addition to logs. */
  readonly statements: Json[] = [];
  readonly origins: Origins;
  readonly #report: Report;
  readonly #counts = new Map<string, number>();

  constructor(service: Service, origins: Origins, report: Report) {
    this.service = service;
    this.origins = origins;
    this.#report = report;
  }

  /** Adds a resource with the place of its source; `renamed` maps properties with other names there. */
  put(
    id: string,
    type: string,
    properties: JsonObject,
    spot: Spot,
    renamed: Readonly<Record<string, string>> = {},
    attributes: JsonObject = {},
  ): void {
    const origin = this.origins.of(spot.node, spot.key);
    const resource = { ...attributes, Type: type, Properties: properties };
    if (origin !== undefined) {
      this.origins.note(resource, origin);
      if (spot.key === undefined) this.origins.from(properties, spot.node, renamed);
      else this.origins.note(properties, origin);
    }
    this.resources.set(id, resource);
  }

  /** The name of a function on AWS. */
  nameOf(key: string): string {
    const { name, stage, functions } = this.service;
    return textOr(functions[key]?.name, `${name}-${stage}-${key}`);
  }

  /** Numbers resources with the same name, from 1. */
  nextOf(what: string): number {
    const next = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, next);
    return next;
  }

  error(problem: string, { node, key }: Spot): void {
    this.#report({ severity: "error", origin: this.origins.of(node, key), problem });
  }

  warn(problem: string, { node, key }: Spot): void {
    this.#report({ severity: "warning", origin: this.origins.of(node, key), problem });
  }
}

/** The URI with which API Gateway invokes a function. */
export function invocationUri(arn: Json): JsonObject {
  const path = ":lambda:path/2015-03-31/functions/";
  return join(
    "arn:",
    ref("AWS::Partition"),
    ":apigateway:",
    ref("AWS::Region"),
    path,
    arn,
    "/invocations",
  );
}

export function arnOf(functionName: string): JsonObject {
  return getAtt(functionId(functionName), "Arn");
}

/** Allows API Gateway or another service to invoke a function. */
export function permission(functionName: Json, principal: string): JsonObject {
  return { FunctionName: functionName, Action: "lambda:InvokeFunction", Principal: principal };
}

/** The template with each of its resources changed. */
export function withResources(
  template: JsonObject,
  origins: Origins,
  change: (resource: JsonObject) => JsonObject,
): JsonObject {
  const resources = objectOf(template.Resources);
  const changed: JsonObject = mapValues(resources, (resource) =>
    isObject(resource) ? origins.inherit(change(resource), resource) : resource,
  );
  return origins.inherit({ ...template, Resources: origins.inherit(changed, resources) }, template);
}

export function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
