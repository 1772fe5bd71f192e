import { symlinkSync } from "node:fs";
import { relative } from "node:path";
import { expect, test } from "vitest";
import { includeFiles } from "../../../src/readers/cloudformation/include.ts";
import { type JsonObject, Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { project } from "../projects.ts";
import { findings } from "./findings.ts";

function include(
  text: string,
  files: Readonly<Record<string, string>> = {},
  made = project(files),
) {
  const sentences: string[] = [];
  const collected = findings();
  const origins = new Origins();
  const report: typeof collected.report = (finding) => {
    collected.report(finding);
    sentences.push(
      `${finding.severity} ${relative(made.root, finding.origin?.file ?? "")}:${finding.origin?.line} ${finding.problem}`,
    );
  };
  const file = made.path("template.yaml");
  const template = parseTemplate(text, file, origins, report) as JsonObject;
  const evaluate = () => "made.yaml";
  const options = {
    file,
    root: made.root,
    evaluate: (node: unknown) => (typeof node === "string" ? node : evaluate()),
  };
  const included = includeFiles(template, options, origins, report);
  const names = included.files.map((name) => relative(made.root, name));
  return { template: included.template, files: names, sentences, origins, made };
}

const at = (location: string) => `{ Name: AWS::Include, Parameters: { Location: ${location} } }`;

test.each<[what: string, text: string, files: Record<string, string>, expected: unknown]>([
  [
    "in place of Fn::Transform",
    `A: { Fn::Transform: ${at("a.yaml")} }`,
    { "a.yaml": "B: !Ref C" },
    { A: { B: { Ref: "C" } } },
  ],
  ["in its short form", `A: !Transform ${at("a.yaml")}`, { "a.yaml": "B: 1" }, { A: { B: 1 } }],
  [
    "beside other keys",
    `Resources:\n  Fn::Transform: ${at("a/b.json")}\n  C: 1`,
    { "a/b.json": '{"B": 1}' },
    { Resources: { C: 1, B: 1 } },
  ],
  [
    "in a list",
    `A: [1, { Fn::Transform: ${at("a.yaml")} }]`,
    { "a.yaml": "B: 1" },
    { A: [1, { B: 1 }] },
  ],
  [
    "at the top level, beside its own sections",
    `Transform: ${at("a.yaml")}\nResources: { A: 1 }`,
    { "a.yaml": "Resources: { B: 1 }\nOutputs: { C: 1 }" },
    { Resources: { A: 1, B: 1 }, Outputs: { C: 1 } },
  ],
  [
    "at the top level, among other transforms",
    `Transform: [Other, ${at("a.yaml")}]`,
    { "a.yaml": "Outputs: { C: 1 }" },
    { Transform: ["Other"], Outputs: { C: 1 } },
  ],
  [
    "that includes another, named from its own folder",
    `A: { Fn::Transform: ${at("a/a.yaml")} }`,
    { "a/a.yaml": `B: { Fn::Transform: ${at("b.yaml")} }`, "a/b.yaml": "C: 1" },
    { A: { B: { C: 1 } } },
  ],
  [
    "whose Location is a function",
    `A: { Fn::Transform: ${at("!Ref B")} }`,
    { "made.yaml": "C: 1" },
    { A: { C: 1 } },
  ],
])("includes a file %s", (_, text, files, expected) => {
  const included = include(text, files);

  expect(included.sentences).toEqual([]);
  expect(included.template).toEqual(expected);
  expect(included.files).toEqual(Object.keys(files));
});

test.each([
  [
    "a file outside of the project",
    "../a.yaml",
    "../a.yaml is outside of the project. Move it inside.",
  ],
  [
    "an absolute path outside of the project",
    "/etc/passwd",
    "/etc/passwd is outside of the project. Move it inside.",
  ],
  ["a file that is not there", "b.yaml", "b.yaml cannot be read (ENOENT). Check its path."],
  ["a folder", "folder", "folder is not a file."],
  [
    "the template itself",
    "template.yaml",
    "template.yaml includes itself. Remove the circular include.",
  ],
])("rejects %s", (_, location, problem) => {
  const { sentences } = include(`A:\n  Fn::Transform: ${at(location)}`, { "folder/x": "" });

  expect(sentences).toEqual([`error template.yaml:2 ${problem}`]);
});

test("rejects a link that leads outside of the project", () => {
  const made = project({});
  const outside = project({ "secret.yaml": "A: 1" });
  symlinkSync(outside.path("secret.yaml"), made.path("link.yaml"));
  const { sentences } = include(`A:\n  Fn::Transform: ${at("link.yaml")}`, {}, made);

  expect(sentences).toEqual([
    "error template.yaml:2 link.yaml is a link to outside of the project. Move it inside.",
  ]);
});

test("rejects files that include each other, and names the file", () => {
  const { sentences } = include(`A: { Fn::Transform: ${at("a.yaml")} }`, {
    "a.yaml": `\nB: { Fn::Transform: ${at("b.yaml")} }`,
    "b.yaml": `C: { Fn::Transform: ${at("a.yaml")} }`,
  });

  expect(sentences).toEqual([
    "error b.yaml:1 a.yaml includes itself. Remove the circular include.",
  ]);
});

test("bounds how many files are included", () => {
  const twice = (name: string) =>
    `A: { Fn::Transform: ${at(name)} }\nB: { Fn::Transform: ${at(name)} }`;
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, level) => [`a${level}.yaml`, twice(`a${level + 1}.yaml`)]),
  );
  const { sentences } = include(twice("a0.yaml"), { ...files, "a12.yaml": "A: 1" });

  expect(sentences).toEqual([
    expect.stringContaining("The template includes more than 100 files."),
  ]);
});

test("reports keys that an included file and its surroundings share", () => {
  const { sentences } = include(`A:\n  Fn::Transform: ${at("a.yaml")}\n  B: 1`, {
    "a.yaml": "\nB: 2",
  });

  expect(sentences).toEqual([
    'error a.yaml:2 "B" is in the included file and next to the include. Remove one.',
  ]);
});

test("warns about a file in S3, which is left out", () => {
  const { template, sentences } = include(
    `A:\n  B: 1\n  Fn::Transform: ${at("s3://bucket/a.yaml")}`,
  );

  expect(template).toEqual({ A: { B: 1 } });
  expect(sentences).toEqual([
    "warning template.yaml:3 wsgw does not read s3://bucket/a.yaml and includes nothing. Use a local file.",
  ]);
});

test("reports what is wrong with an included file in that file", () => {
  const { sentences } = include(`A: { Fn::Transform: ${at("a.yaml")} }`, {
    "a.yaml": "A: 1\nA: 2",
  });

  expect(sentences).toEqual([
    "error a.yaml:2 A appears twice. The first is on line 1. Remove one.",
  ]);
});

test("what was included has its place in its own file, and the rest in the template", () => {
  const { template, origins, made } = include(
    `Resources:\n  Fn::Transform: ${at("a.yaml")}\n  Own: { C: 1 }`,
    { "a.yaml": "\n\nThere: { D: 1 }" },
  );
  const resources = template.Resources as JsonObject;

  expect(origins.of(resources, "There")).toMatchObject({ file: made.path("a.yaml"), line: 3 });
  expect(origins.of(resources, "Own")).toMatchObject({ file: made.path("template.yaml"), line: 3 });
  expect(origins.of(resources.There, "D")).toMatchObject({ file: made.path("a.yaml"), line: 3 });
});
