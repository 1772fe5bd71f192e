import { expect, test } from "vitest";
import { WsgwError } from "../../../src/errors.ts";
import { loadSamConfig } from "../../../src/readers/sam/samconfig.ts";
import { project } from "../projects.ts";

function load(files: Readonly<Record<string, string>>, environment?: string) {
  const { root } = project(files);
  const config = loadSamConfig(root, environment);
  return (
    config && {
      ...config,
      file: config.file.slice(root.length),
      templateFile: config.templateFile?.slice(root.length),
    }
  );
}

function messageOf(files: Readonly<Record<string, string>>, environment?: string): string {
  const { root } = project(files);
  try {
    loadSamConfig(root, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(WsgwError);
    expect(error).toMatchObject({ code: "SAMCONFIG_INVALID" });
    return (error as WsgwError).message;
  }
  throw new Error("It was read.");
}

const TOML = `
version = 0.1
[default.global.parameters]
stack_name = "chat"
[default.build.parameters]
template_file = "infra/template.yaml"
cached = true
[default.deploy.parameters]
template_file = ".aws-sam/build/template.yaml"
region = "eu-west-1"
capabilities = "CAPABILITY_IAM"
parameter_overrides = "Stage=\\"dev\\" Size=3"
[prod.deploy.parameters]
stack_name = "chat-prod"
parameter_overrides = ["Stage=prod"]
`;

test("reads the default environment of samconfig.toml", () => {
  expect(load({ "samconfig.toml": TOML })).toEqual({
    file: "/samconfig.toml",
    stackName: "chat",
    region: "eu-west-1",
    templateFile: "/infra/template.yaml",
    parameters: { Stage: "dev", Size: "3" },
  });
});

test("reads the environment that is named", () => {
  expect(load({ "samconfig.toml": TOML }, "prod")).toEqual({
    file: "/samconfig.toml",
    stackName: "chat-prod",
    region: undefined,
    templateFile: undefined,
    parameters: { Stage: "prod" },
  });
});

test("reads samconfig.yaml in the same way", () => {
  const yaml =
    "version: 0.1\ndefault:\n  global:\n    parameters:\n      parameter_overrides: { Stage: dev, Size: 3 }\n      region: eu-west-1\n";

  expect(load({ "samconfig.yaml": yaml })).toMatchObject({
    file: "/samconfig.yaml",
    region: "eu-west-1",
    parameters: { Stage: "dev", Size: "3" },
  });
});

test("takes samconfig.toml where there are both", () => {
  const files = { "samconfig.toml": TOML, "samconfig.yml": "default: {}" };

  expect(load(files)?.file).toBe("/samconfig.toml");
});

test("finds nothing in a directory without a samconfig file", () => {
  expect(load({ "template.yaml": "" })).toBeUndefined();
});

test.each([
  ["samconfig.toml", "version = 0.1\n"],
  ["samconfig.yaml", ""],
  ["samconfig.yaml", "default:\n"],
])("reads a file without the default environment as one without values: %s", (name, text) => {
  expect(load({ [name]: text })).toMatchObject({ stackName: undefined, parameters: {} });
});

test("suggests an environment when the named one does not exist", () => {
  expect(messageOf({ "samconfig.toml": TOML }, "prd")).toBe(
    'samconfig.toml: The environment "prd" does not exist. Did you mean "prod"?',
  );
  expect(messageOf({ "samconfig.toml": TOML }, "staging")).toBe(
    'samconfig.toml: The environment "staging" does not exist. The file has default, prod.',
  );
});

test.each([
  [
    "TOML",
    "samconfig.toml",
    "[default.deploy.parameters]\nregion = eu\n",
    /^samconfig\.toml:2:10: .+\.$/,
  ],
  ["YAML", "samconfig.yaml", "default:\n  deploy: [1\n", /^samconfig\.yaml:\d:\d+: .+\.$/],
])("names the line and column of broken %s", (_, name, text, message) => {
  const said = messageOf({ [name]: text });

  expect(said).toMatch(message);
  expect(said).not.toContain("\n");
});

test("lists all values of the wrong type, and overrides that cannot be read", () => {
  const text =
    '[default]\nbuild = 3\n[default.deploy.parameters]\nregion = 5\nparameter_overrides = "Stage"\n';

  expect(messageOf({ "samconfig.toml": text }).split("\n")).toEqual([
    "samconfig.toml: default.build must be a table.",
    "samconfig.toml: region of deploy must be a string.",
    expect.stringContaining(
      'default.deploy.parameters.parameter_overrides: "Stage" is not a parameter override.',
    ),
  ]);
});

test("says why a file cannot be read", () => {
  expect(messageOf({ "samconfig.toml/x": "" })).toMatch(
    /samconfig\.toml cannot be read: it is a directory \(EISDIR\)\.$/,
  );
});
