import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { isList, isObject } from "../../cloudformation/rules/tree.ts";
import { functionId } from "./names.ts";

/** A service without its variables. */
export type Service = {
  readonly name: string;
  readonly stage: string;
  readonly provider: JsonObject;
  readonly functions: Readonly<Record<string, JsonObject>>;
  readonly layers: Readonly<Record<string, JsonObject>>;
  /** What is merged over the template. */
  readonly resources: JsonObject;
  readonly package: JsonObject;
  readonly custom: JsonObject;
  readonly build: JsonObject;
  readonly plugins: readonly string[];
  /** Names in place of values that are not known here. */
  readonly open: ReadonlySet<string>;
};

/** Where something in a service was written: a node, or what it has under a key. */
export type Spot = { readonly node: unknown; readonly key?: string };

/** An event of a function, such as `{ sqs: { arn } }`. */
export type ServiceEvent = Spot & {
  /** Name of the function in the service. */
  readonly name: string;
  /** Counted from 0, over all events of the function. */
  readonly index: number;
  readonly kind: string;
  readonly value: Json;
};

/** The resources of the template that a service stands for, while they are written. */
export class Written {
  readonly service: Service;
  readonly resources = new Map<string, JsonObject>();
  /** What the role of functions without one of their own allows, besides their logs. */
  readonly statements: Json[] = [];
  readonly origins: Origins;
  readonly #report: Report;
  readonly #counts = new Map<string, number>();

  constructor(service: Service, origins: Origins, report: Report) {
    this.service = service;
    this.origins = origins;
    this.#report = report;
  }

  /** Writes a resource with the place of what it stands for; `renamed` has other names of properties there. */
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

  /** Counts what has the same name, from 1. */
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

export function ref(id: string): JsonObject {
  return { Ref: id };
}

export function attribute(id: string, name: string): JsonObject {
  return { "Fn::GetAtt": [id, name] };
}

export function join(...parts: readonly Json[]): JsonObject {
  return { "Fn::Join": ["", parts] };
}

/** The URI by which API Gateway invokes a function. */
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
  return attribute(functionId(functionName), "Arn");
}

/** Whether API Gateway or another service may invoke a function. */
export function permission(functionName: Json, principal: string): JsonObject {
  return { FunctionName: functionName, Action: "lambda:InvokeFunction", Principal: principal };
}

export function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** An array of one value where it is no array. */
export function oneOrMore(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** Without the fields that are undefined. */
export function present(fields: { readonly [name: string]: Json | undefined }): JsonObject {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as JsonObject;
}
