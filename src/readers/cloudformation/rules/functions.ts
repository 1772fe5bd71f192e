import { didYouMean, shown } from "../../../definition/faults.ts";
import type { FunctionDefinition } from "../../../definition/parts.ts";
import { familyOf, RUNTIMES, type Runtime } from "../../../definition/runtimes.ts";
import type { Json } from "./origins.ts";
import type { TemplatePlaces } from "./places.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject } from "./tree.ts";

/** A function of a template, as it runs on this machine. */
export type TemplateFunction = {
  readonly resource: Resource;
  /** Its name on AWS, which ARNs, URIs and other functions use. */
  readonly name: string;
} & (
  | { readonly definition: Omit<FunctionDefinition, "root" | "layers"> }
  /** Ends a sentence that begins with `its function`. */
  | { readonly unserved: string }
);

/** Lambda properties by the definition's field. */
const PROPERTIES: Readonly<Record<string, string>> = {
  description: "Description",
  environment: "Environment",
  functionName: "FunctionName",
  handler: "Handler",
  layers: "Layers",
  memory: "MemorySize",
  root: "Code",
  runtime: "Runtime",
  timeout: "Timeout",
};

export function isFunction({ type }: Resource): boolean {
  return type === "AWS::Lambda::Function";
}

/**
 * Reads a function except for the locations of its code and layers. `isRun` means that its author has named
 * the program that runs it.
 */
export function readFunction(
  resource: Resource,
  isRun: boolean,
  places: TemplatePlaces,
  report: Report,
): TemplateFunction {
  const path = ["functions", resource.key];
  places.note(path, resource.origin());
  for (const [field, property] of Object.entries(PROPERTIES)) {
    places.note([...path, field], resource.origin(property));
  }
  const name = textOf(resource.value()) ?? resource.key;
  const known = { resource, name };
  const code = resource.property("Code");
  const isImage =
    resource.text("PackageType") === "Image" || (isObject(code) && code.ImageUri !== undefined);
  if (isImage) return { ...known, unserved: "is a container image" };

  const runtime = runtimeOf(resource, report);
  if (runtime === undefined) return { ...known, unserved: "has no known runtime" };
  const family = familyOf(runtime);
  if (family === "command" && !isRun) {
    return { ...known, unserved: `runs on ${runtime}, which wsgw does not start itself` };
  }
  const handler = resource.text("Handler") ?? (family === "executable" ? "bootstrap" : undefined);
  if (handler === undefined) {
    const problem = `${resource.key} has no Handler. Add one, such as "index.handler".`;
    report({ severity: "error", origin: resource.origin(), problem, missing: "Handler" });
    return { ...known, unserved: "has no handler" };
  }
  const description = resource.text("Description");
  const [memory, timeout] = [resource.property("MemorySize"), resource.property("Timeout")];
  return {
    ...known,
    definition: {
      // "bootstrap" runs in any case; a handler with slashes would be a path in a definition
      handler: family === "executable" ? handler.replaceAll("/", "-") : handler,
      functionName: name,
      ...(description !== undefined && { description }),
      runtime,
      ...(memory !== undefined && { memory: numberOf(memory) }),
      ...(timeout !== undefined && { timeout: numberOf(timeout) }),
      environment: environmentOf(resource, report),
    },
  };
}

function runtimeOf(resource: Resource, report: Report): Runtime | undefined {
  const runtime = resource.text("Runtime");
  const known = RUNTIMES.find((each) => each === runtime);
  if (known !== undefined) return known;
  const problem =
    runtime === undefined
      ? `${resource.key} has no Runtime. Add one, such as nodejs24.x.`
      : `${shown(runtime)} is not a runtime that wsgw knows${didYouMean(runtime, RUNTIMES) ?? "."}`;
  const missing = runtime === undefined ? { missing: "Runtime" } : {};
  report({ severity: "error", origin: resource.origin("Runtime"), problem, ...missing });
  return undefined;
}

/** The definition's checks report a value that is not a number. */
function numberOf(value: Json): number {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : (value as number);
}

/** CloudFormation converts numbers and booleans to strings; it rejects arrays and objects. */
function environmentOf(resource: Resource, report: Report): Readonly<Record<string, string>> {
  const environment = resource.property("Environment");
  const variables = isObject(environment) ? environment.Variables : undefined;
  if (!isObject(variables)) return {};
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(variables)) {
    const text = value === null ? undefined : textOf(value);
    if (text !== undefined) {
      texts.push([name, text]);
      continue;
    }
    const problem = `the variable ${name} of ${resource.key} is ${shown(value)}, but variables contain strings only.`;
    report({ severity: "error", origin: resource.origin("Environment"), problem });
  }
  return Object.fromEntries(texts);
}
