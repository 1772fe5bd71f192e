import { expect, test } from "vitest";
import { findStack, openProject } from "../../../src/deploy/runs/run-open.ts";
import { makeProject } from "../../bundle/project.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { SHOP_FILES } from "../several.ts";

const env = { AWS_REGION: "us-west-2" };

test("the stack of a project has the project's name, in the region of the definition", async () => {
  const { root: cwd } = makeProject(SHOP_FILES);

  expect(await findStack({ cwd, env })).toEqual({
    cwd,
    env,
    stackName: "shop",
    region: "eu-west-1",
  });
  expect((await openProject({ cwd, env })).place.region).toBe("eu-west-1");
});

test.each([
  [{ region: "eu-central-1" }, "eu-central-1"],
  [{ stackName: "other" }, "eu-west-1"],
  [{ stackName: "other", region: "eu-central-1" }, "eu-central-1"],
])("with %j the region of the stack is %s", async (named, region) => {
  const { root: cwd } = makeProject(SHOP_FILES);

  expect((await findStack({ cwd, env, ...named })).region).toBe(region);
});

test("a stack that is named needs no project, and then no definition says its region", async () => {
  const cwd = temporaryDirectory();

  expect(await findStack({ cwd, env, stackName: "other" })).toEqual({
    cwd,
    env,
    stackName: "other",
  });
  await expect(findStack({ cwd, env })).rejects.toMatchObject({ code: "CONFIG_NOT_FOUND" });
});

test.each([
  ["is broken", {}],
  ["is missing", { config: "none.ts" }],
])(
  "a stack and a region that are named need no project, though a definition %s",
  async (_, more) => {
    const { root: cwd } = makeProject({ "wsgw.config.ts": "export default {{{" });
    const place = { cwd, env, stackName: "other", region: "eu-central-1", ...more };

    expect(await findStack(place)).toEqual(place);
  },
);

test("a config file that is named must be there, whatever names the stack", async () => {
  const { root: cwd } = makeProject(SHOP_FILES);

  await expect(
    findStack({ cwd, env, stackName: "other", config: "none.ts" }),
  ).rejects.toMatchObject({ code: "CONFIG_NOT_FOUND" });
});

test("rejects --stage if an API has several stages", async () => {
  const { root: cwd } = makeProject(SHOP_FILES);

  await expect(findStack({ cwd, env, stage: "prod" })).rejects.toMatchObject({ code: "USAGE" });
});

const TEMPLATE = "Resources: { Chat: { Type: AWS::Serverless::WebSocketApi } }";

test("samconfig.toml names the stack and the region of a template", async () => {
  const { root: cwd } = makeProject({
    "template.yaml": TEMPLATE,
    "samconfig.toml":
      'version = 0.1\n[default.deploy.parameters]\nstack_name = "talk"\nregion = "eu-north-1"\n',
  });

  const place = { cwd, env };
  expect(await findStack(place)).toEqual({ ...place, stackName: "talk", region: "eu-north-1" });
  expect(await findStack({ ...place, stackName: "other" })).toMatchObject({
    stackName: "other",
    region: "eu-north-1",
  });
});

test("the stack of a template that nothing names must be named", async () => {
  const { root: cwd } = makeProject({ "template.yaml": TEMPLATE });

  await expect(findStack({ cwd, env })).rejects.toMatchObject({
    code: "USAGE",
    message: "Which stack? Set it with --stack-name, or in samconfig.toml.",
  });
});

test("a stack can be named where wsgw would have to guess which file defines the project", async () => {
  const { root: cwd } = makeProject({ "template.yaml": TEMPLATE, "other.template.yaml": TEMPLATE });

  expect(await findStack({ cwd, env, stackName: "other" })).toEqual({
    cwd,
    env,
    stackName: "other",
  });
});
