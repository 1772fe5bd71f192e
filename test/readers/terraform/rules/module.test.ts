import { expect, test } from "vitest";
import type { HclFault } from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import {
  Module,
  type ModuleCall,
  type OpenedModule,
} from "../../../../src/readers/terraform/rules/module.ts";
import { parseHcl } from "../../../../src/readers/terraform/rules/parse-hcl.ts";
import { KeyBook } from "../../../../src/readers/terraform/rules/resource-names.ts";
import { Attributed, plain, type Value } from "../../../../src/readers/terraform/rules/values.ts";
import { contextOf } from "../evaluated.ts";

type Given = Readonly<Record<string, Value>>;

/** An unknown object: each attribute says where it is from. */
class MadeUp extends Attributed {
  readonly label: string;

  constructor(label: string) {
    super();
    this.label = label;
  }

  attribute(name: string): Value {
    return `${this.label}.${name} of nowhere`;
  }

  names(): readonly string[] {
    return [];
  }
}

/** A project with one file, and the modules that it calls by their sources. */
function opened(
  text: string,
  modules: Readonly<Record<string, string>> = {},
  given: Given = {},
  builtIn = "",
) {
  const faults: string[] = [];
  const calls: ModuleCall[] = [];
  const filesOf = (directory: string, hcl: string): OpenedModule => ({
    directory,
    files: [{ file: `${directory}/main.tf`, body: parseHcl(hcl) }],
    isBuiltIn: directory === `/${builtIn}`,
  });
  const module = new Module(
    {
      ...filesOf("/project", text),
      path: [],
      names: [],
      address: "",
      input: (name) => given[name],
    },
    {
      context: contextOf({}),
      keys: new KeyBook(),
      surroundings: {
        place: {
          stackName: "chat",
          region: "eu-west-1",
          accountId: "123456789012",
          apiIdOf: (name) => `id-of-${name}`,
        },
        workspace: "staging",
        shown: (directory) => `shown ${directory}`,
        noValue: (name, names) => `no value for ${[...names, name].join(".")}`,
        madeUp: (label) => new MadeUp(label),
        remoteOutputs: () => new MadeUp("remote"),
      },
      fault: ({ message, place, file }: HclFault, severity) =>
        faults.push(`${severity} ${file}:${place.line}:${place.column}: ${message}`),
      open: (call) => {
        calls.push(call);
        const hcl = modules[call.source];
        return hcl === undefined ? undefined : filesOf(`/${call.source}`, hcl);
      },
    },
  );
  /** Its resources: the key, and the name or id of each, by address. */
  const named = () =>
    Object.fromEntries(
      module
        .resources()
        .map((each) => [each.address, [each.key, plain(each.value("name") ?? null)]]),
    );
  const outputs = () =>
    Object.fromEntries(module.outputs().map((name) => [name, plain(module.output(name) ?? null)]));
  return { module, faults, calls, named, outputs };
}

const queue = (name: string, body: string) => `resource "aws_sqs_queue" "${name}" {\n${body}\n}\n`;

test("evaluates variables, locals, paths and the workspace", () => {
  const { outputs, faults } = opened(
    `
variable "given" { default = "unused" }
variable "absent" { default = "default" }
variable "typed" { type = number }
variable "null" { default = "unused" }
variable "not_null" {
  default  = "default"
  nullable = false
}
variable "nullable" {
  default  = "default"
  nullable = true
}
locals {
  joined = "\${var.given}-\${local.other}"
  other  = "b"
}
output "vars" { value = [var.given, var.absent, var.typed, var.null, var.not_null, var.nullable] }
output "local" { value = local.joined }
output "paths" { value = [path.root, path.cwd, path.module] }
output "workspaces" { value = [terraform.workspace, tofu.workspace] }
output "empty" {}
`,
    {},
    { given: "a", typed: "12", null: null, not_null: null, nullable: null },
  );
  expect(outputs()).toEqual({
    vars: ["a", "default", 12, null, "default", null],
    local: "a-b",
    paths: [".", "/project", "shown /project"],
    workspaces: ["staging", "staging"],
    empty: null,
  });
  expect(faults).toEqual([]);
});

test("makes the instances of count and for_each, each with its index, key and value", () => {
  const { named, outputs, faults } = opened(`
${queue("one", 'name = "one"')}
${queue("list", 'count = 2\nname = "list-${count.index}"')}
${queue("single", 'count = 1\nname = "single-${count.index}"')}
${queue("none", 'count = 0\nname = "none"')}
${queue("negative", 'count = -1\nname = "none"')}
${queue("map", 'for_each = { b = "x", a = "y" }\nname = "${each.key}-${each.value}"')}
${queue("set", 'for_each = toset(["d", "c"])\nname = "${each.key}-${each.value}"')}
${queue("no", 'for_each = null\nname = "none"')}
output "names" {
  value = [aws_sqs_queue.one.name, aws_sqs_queue.list[1].name, aws_sqs_queue.map["a"].name, length(aws_sqs_queue.none)]
}
`);
  expect(named()).toEqual({
    "aws_sqs_queue.one": ["one", "one"],
    "aws_sqs_queue.list[0]": ["list-0", "list-0"],
    "aws_sqs_queue.list[1]": ["list-1", "list-1"],
    "aws_sqs_queue.single": ["single", "single-0"],
    'aws_sqs_queue.map["a"]': ["map-a", "a-y"],
    'aws_sqs_queue.map["b"]': ["map-b", "b-x"],
    'aws_sqs_queue.set["c"]': ["set-c", "c-c"],
    'aws_sqs_queue.set["d"]': ["set-d", "d-d"],
  });
  expect(outputs()).toEqual({ names: ["one", "list-1", "a-y", 0] });
  expect(faults).toEqual([]);
});

test("makes at most 1000 instances of a count", () => {
  const { named } = opened(queue("many", "count = 1002"));
  expect(Object.keys(named())).toHaveLength(1000);
});

const ROOMS = `
variable "name" {}
${queue("rooms", "name = var.name\nvisibility_timeout_seconds = 1")}
output "name" { value = aws_sqs_queue.rooms.name }
`;

test("calls modules, also several times and in each other", () => {
  const { named, outputs, calls, faults } = opened(
    `
module "one" {
  source = "rooms"
  name   = "a"
}
module "many" {
  for_each = { x = "b" }
  source   = "rooms"
  name     = each.value
}
module "listed" {
  count  = 2
  source = "rooms"
  name   = "l\${count.index}"
}
module "outer" { source = "outer" }
module "elsewhere" { source = "elsewhere" }
output "one" { value = module.one.name }
output "many" { value = module.many["x"].name }
output "listed" { value = module.listed[*].name }
output "outer" { value = module.outer.inner }
output "elsewhere" { value = module.elsewhere.name }
`,
    {
      rooms: ROOMS,
      outer: `module "inner" {\n  source = "rooms"\n  name = "o"\n}\noutput "inner" { value = module.inner.name }\n`,
    },
  );
  expect(named()).toEqual({
    "module.one.aws_sqs_queue.rooms": ["one-rooms", "a"],
    'module.many["x"].aws_sqs_queue.rooms': ["many-x-rooms", "b"],
    "module.listed[0].aws_sqs_queue.rooms": ["listed-0-rooms", "l0"],
    "module.listed[1].aws_sqs_queue.rooms": ["listed-1-rooms", "l1"],
    "module.outer.module.inner.aws_sqs_queue.rooms": ["outer-inner-rooms", "o"],
  });
  expect(outputs()).toEqual({
    one: "a",
    many: "b",
    listed: ["l0", "l1"],
    outer: "o",
    elsewhere: "module.elsewhere.name of nowhere",
  });
  expect(faults).toEqual([]);
  expect(calls.map(({ origin, ...call }) => [call, origin.path, origin.line])).toEqual([
    [{ source: "rooms", names: ["one"], directory: "/project" }, ["module", "one"], 2],
    [{ source: "rooms", names: ["many"], directory: "/project" }, ["module", "many"], 6],
    [{ source: "rooms", names: ["listed"], directory: "/project" }, ["module", "listed"], 11],
    [{ source: "outer", names: ["outer"], directory: "/project" }, ["module", "outer"], 16],
    [{ source: "rooms", names: ["outer", "inner"], directory: "/outer" }, ["module", "inner"], 1],
    [
      { source: "elsewhere", names: ["elsewhere"], directory: "/project" },
      ["module", "elsewhere"],
      17,
    ],
  ]);
});

test.each([
  ["", { file: "/rooms/main.tf", line: 4, path: ["aws_sqs_queue", "rooms", "name"] }],
  ["rooms", { file: "/project/main.tf", line: 1, path: ["module", "one"] }],
])(
  "knows the place of an attribute in a module, or of the call of the built-in %j",
  (builtIn, place) => {
    const { module } = opened(
      'module "one" {\n  source = "rooms"\n  name = "a"\n}\n',
      { rooms: ROOMS },
      {},
      builtIn,
    );
    const [resource] = module.resources();
    expect(resource?.origin("name")).toMatchObject(place);
    expect(resource?.origin("visibility_timeout_seconds")?.line).toBe(builtIn === "" ? 5 : 1);
  },
);

test("knows the place of a resource and its attributes", () => {
  const { module } = opened(queue("it", 'name = "a"'));
  const [resource] = module.resources();
  const file = "/project/main.tf";
  expect(resource?.origin()).toEqual({ file, line: 1, column: 1, path: ["aws_sqs_queue", "it"] });
  expect(resource?.origin("name")).toMatchObject({
    file,
    line: 2,
    path: ["aws_sqs_queue", "it", "name"],
  });
});

test("reads data sources, of which others read attributes", () => {
  const { named, module, faults } = opened(`
data "aws_region" "here" {}
${queue("it", "name = data.aws_region.here.name")}
`);
  expect(named()).toEqual({
    "data.aws_region.here": ["here-region", "eu-west-1"],
    "aws_sqs_queue.it": ["it", "eu-west-1"],
  });
  expect(module.resources().map(({ isData }) => isData)).toEqual([true, false]);
  expect(faults).toEqual([]);
});

test("tells apart the keys of resources of one name", () => {
  const { module } = opened(
    `${queue("it", "")}resource "aws_sns_topic" "it" {}\ndata "aws_region" "it" {}\n`,
  );
  expect(module.resources().map(({ key }) => key)).toEqual(["it", "it-topic", "it-region"]);
  const apart = opened(`${queue("other", "")}resource "aws_sns_topic" "it" {}\n`);
  expect(apart.module.resources().map(({ key }) => key)).toEqual(["other", "it"]);
});

test("reads the attribute of a provider", () => {
  const { module, faults } = opened(
    'provider "aws" {\n  region = "eu-west-2"\n  a = local.no\n}\n',
  );
  expect(module.ofProvider("aws", "region")).toBe("eu-west-2");
  expect(module.ofProvider("aws", "profile")).toBeUndefined();
  expect(module.ofProvider("google", "region")).toBeUndefined();
  expect(faults).toEqual([]);
  expect(module.ofProvider("aws", "a")).toBeUndefined();
  expect(faults).toEqual([expect.stringMatching(/^error \/project\/main\.tf:3:/)]);
});

test("knows no output that is not there", () => {
  const { module } = opened('output "a" {}');
  expect([module.output("b"), module.output("b")]).toEqual([undefined, undefined]);
});

test.each([
  ["count = var.no", /^error \/project\/main\.tf:2:\d+: var has no "no"\.$/],
  ['count = var.a\n}\nvariable "a" {', /^error \/project\/main\.tf:2:\d+: no value for a$/],
  ["count = local.a\n}\nlocals {\na = local.b\nb = local.a", /local\.a depends on itself\.$/],
  [
    "for_each = aws_sqs_queue.it",
    /^error \/project\/main\.tf:2:\d+: resource\.aws_sqs_queue\.it depends on itself\.$/,
  ],
])("reports the fault of %j at its place", (body, expected) => {
  const { named, faults } = opened(queue("it", body));
  expect([named(), named()]).toEqual([{}, {}]);
  expect(faults).toEqual([1, 2].map(() => expect.stringMatching(expected)));
});

test.each([
  ["var.naem", 'var has no "naem".'],
  ["local.naem", 'local has no "naem".'],
  ["module.naem", 'module has no "naem".'],
  ["data.aws_regio.here", 'data has no "aws_regio".'],
  ["data.aws_region.heer", 'data.aws_region has no "heer".'],
  ["aws_sqs_queue.here", 'aws_sqs_queue has no "here".'],
  ["aws_sns_topic.here", 'wsgw does not know what "aws_sns_topic" is here.'],
])("reports that %s does not exist", (expression, problem) => {
  const { named, faults } = opened(`
data "aws_region" "here" {}
${queue("it", `count = length(${expression})`)}
`);
  named();
  expect(faults).toEqual([`error /project/main.tf:4:16: ${problem}`]);
});

test("evaluates all variables, locals, modules or resources of a type as one object", () => {
  const { outputs, faults } = opened(
    `
variable "a" { default = "b" }
locals { c = "d" }
module "e" {
  source = "rooms"
  name   = "f"
}
data "aws_region" "here" {}
${queue("g", 'name = "h"')}
resource "aws_sns_topic" "i" {}
output "all" { value = [var, local, module, keys(aws_sqs_queue), keys(data.aws_region)] }
`,
    { rooms: ROOMS },
  );
  expect(outputs()).toEqual({
    all: [{ a: "b" }, { c: "d" }, { e: { name: "f" } }, ["g"], ["here"]],
  });
  expect(faults).toEqual([]);
});

test("makes each resource once", () => {
  const { module } = opened(queue("it", ""));
  expect(module.resources()[0]).toBe(module.resources()[0]);
});

test("makes an instance for each output of a module", () => {
  const { named, faults } = opened(
    `module "one" {\n  source = "rooms"\n  name = "a"\n}\n${queue("it", "for_each = module.one\nname = each.value")}`,
    { rooms: ROOMS },
  );
  expect(named()).toMatchObject({ 'aws_sqs_queue.it["name"]': ["it-name", "a"] });
  expect(faults).toEqual([]);
});

test("reports a module whose source depends on itself", () => {
  const { named, faults } = opened('module "a" { source = module.a.b }');
  expect(named()).toEqual({});
  expect(faults).toEqual([expect.stringMatching(/: module\.a depends on itself\.$/)]);
});

test("reports modules that call themselves", () => {
  const { named, faults } = opened('module "a" { source = "a" }', {
    a: 'module "a" { source = "a" }',
  });
  expect(named()).toEqual({});
  expect(faults).toEqual([
    "error /a/main.tf:1:1: modules are nested too deeply. Check whether one calls itself.",
  ]);
});

test("opens modules to a depth of 20", () => {
  const { calls, module } = opened('module "a" { source = "a" }', {
    a: 'module "a" { source = "a" }',
  });
  module.resources();
  expect(calls.map(({ names }) => names.length).at(-1)).toBe(20);
});

test("makes nothing of a module without a source", () => {
  const { named, faults, calls } = opened('module "a" {}\noutput "b" { value = 1 }');
  expect([named(), faults, calls]).toEqual([{}, [], []]);
});
