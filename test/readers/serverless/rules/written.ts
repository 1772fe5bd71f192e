import {
  type Json,
  type JsonObject,
  Origins,
} from "../../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../../src/readers/cloudformation/rules/report.ts";
import { type Service, Written } from "../../../../src/readers/serverless/rules/written.ts";

type Options = Partial<Service> & {
  /** The settings of the only function, `door`. */
  readonly door?: JsonObject;
};

/** What a rule writes for the service `chat` in its stage `dev`, and what it reports. */
export function writtenBy(add: (written: Written) => void, { door, ...more }: Options = {}) {
  const findings: Finding[] = [];
  const service: Service = {
    name: "chat",
    stage: "dev",
    provider: {},
    functions: { door: door ?? {} },
    layers: {},
    resources: {},
    package: {},
    custom: {},
    build: {},
    plugins: [],
    open: new Set(),
    ...more,
  };
  const origins = new Origins();
  noteAll(origins, service, []);
  const written = new Written(service, origins, (finding) => findings.push(finding));
  add(written);
  return {
    written,
    resources: Object.fromEntries(written.resources),
    statements: written.statements,
    reported: findings.map(
      ({ severity, origin, problem }) => `${severity} ${origin?.path.join(".")}: ${problem}`,
    ),
    /** The path in the service that a resource or one of its properties comes from. */
    pathOf: (id: string, property?: string) =>
      origins.of(written.resources.get(id)?.Properties, property)?.path.join("."),
  };
}

/** Notes each object and array of a service with its path. */
function noteAll(origins: Origins, node: unknown, path: readonly string[]): void {
  if (typeof node !== "object" || node === null) return;
  origins.note(node, { file: "/serverless.yml", line: 1, column: 1, path: [...path] });
  for (const [key, value] of Object.entries(node)) noteAll(origins, value, [...path, key]);
}

export const arn = (id: string): Json => ({ "Fn::GetAtt": [id, "Arn"] });

export const invocationOf = (of: Json): Json => ({
  "Fn::Join": [
    "",
    [
      "arn:",
      { Ref: "AWS::Partition" },
      ":apigateway:",
      { Ref: "AWS::Region" },
      ":lambda:path/2015-03-31/functions/",
      of,
      "/invocations",
    ],
  ],
});
