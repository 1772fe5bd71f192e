import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { ApiDefinition } from "../../../src/definition/project.ts";
import { renderTemplate, synthesize, type Template } from "../../../src/deploy/template.ts";
import { direct, twoApis } from "../../definition/definitions.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { codeFor, projectOf, rich, sample, templateOf } from "../apis.ts";
import { isInstalled } from "./judge.ts";

const run = promisify(execFile);

const minimal: ApiDefinition = {
  name: "m",
  routeSelectionExpression: "$request.body.a",
  stage: { name: "s" },
  functions: { all: { handler: "a.b" } },
  routes: { $default: { function: "all" } },
};
const { certificateArn: _, ...mapped } = rich.customDomain!;

/** Refers to all that may be referred to, as the environment of one function. */
function withReferences(): Template {
  const project = projectOf(sample);
  const refs = [
    ...["id", "url", "callbackUrl", "stage"].map((part) => `api.chat.${part}`),
    ...["table.connections.name", "table.connections.arn", "region", "accountId"],
    ...["function.disconnect.name", "function.disconnect.arn"],
  ];
  const environment = {
    ...Object.fromEntries(refs.map((ref, at) => [`REF_${at}`, { ref }])),
    ALL: { join: ["${text} ", ...refs.map((ref) => ({ ref }))] },
  } as unknown as Record<string, string>;
  const connect = { ...project.functions.connect!, environment };
  const functions = { ...project.functions, connect };
  return synthesize({ ...project, functions }, { code: codeFor(project), buildId: "0123456" });
}

function withLayers(): Template {
  const layers = ["layers/common", "tools"];
  const project = projectOf({ ...minimal, functions: { all: { handler: "a.b", layers } } });
  const keys = new Map(layers.map((layer) => [layer, `m/${"0".repeat(64)}.zip`]));
  return synthesize(project, { code: codeFor(project), layers: keys, buildId: "0123456" });
}

const templates: Readonly<Record<string, Template>> = {
  sample: templateOf(sample),
  rich: templateOf(rich),
  "deploys-itself": templateOf(rich, true),
  minimal: templateOf(minimal),
  references: withReferences(),
  layers: withLayers(),
  "several-apis": templateOf(twoApis),
  integrations: templateOf(direct),
  "several-apis-logged": templateOf({
    ...twoApis,
    deploy: { logging: { level: "INFO", accessLog: true } },
  }),
  "mapped-domain": templateOf({ ...rich, customDomain: mapped }),
  "several-mappings": templateOf({
    ...rich,
    customDomain: { name: mapped.name, mappings: { "": rich.stage.name, next: rich.stage.name } },
    disableExecuteApiEndpoint: true,
    ipAddressType: "dualstack",
  }),
  "logs-of-stages": templateOf({
    ...sample,
    stage: {
      ...sample.stage,
      accessLog: {},
      executionLog: { level: "INFO", dataTrace: true, routes: { $connect: { level: "OFF" } } },
      detailedMetrics: true,
    },
  }),
  "aliases-and-stage-variables": templateOf({
    ...minimal,
    stage: { name: "s", variables: { fn: { ref: "function.all.name" } } },
    functions: { all: { handler: "a.b", aliases: ["blue"] } },
    routes: {
      $default: { function: "${stageVariables.fn}:blue" },
      say: { function: "all:blue" },
      latest: { function: "all:$LATEST" },
    },
  }),
  "access-log-only": templateOf({ ...sample, deploy: { logging: { accessLog: true } } }),
  "one-permission-for-all": templateOf({
    ...sample,
    routes: Object.fromEntries(
      Array.from({ length: 60 }, (__, i) => [`route${i}`, { function: "connect" }]),
    ),
  }),
};

test.skipIf(!isInstalled("cfn-lint", "--version"))(
  "cfn-lint, where it is installed, finds nothing in the templates",
  async () => {
    const directory = temporaryDirectory();
    const files = Object.entries(templates).map(([name, template]) => {
      const file = join(directory, `${name}.json`);
      writeFileSync(file, renderTemplate(template));
      return file;
    });
    const broken = join(directory, "broken.json");
    writeFileSync(broken, renderTemplate(templateOf(sample)).replace('"RouteKey"', '"RoutKey"'));

    const [found, control] = await Promise.all(
      [files, [broken]].map((each) => run("cfn-lint", each).catch((error) => error)),
    );

    expect(found.stdout).toBe("");
    expect(control.stdout).toContain("RoutKey");
  },
  120_000,
);
