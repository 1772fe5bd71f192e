import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, test } from "vitest";
import { deploy, destroy } from "../../../src/app.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildCli } from "../../cli/build.ts";
import { quickTiming } from "../runs.ts";
import { type Moto, START_MS, skipped, useMoto } from "./moto.ts";

const HANDLER = "export const handler = async () => ({ statusCode: 200 });\n";

function definition(name: string, routes: Record<string, unknown> = {}) {
  return JSON.stringify({
    name,
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1" },
    functions: { talk: { handler: "talk.handler" } },
    routes: {
      $connect: { function: "talk" },
      $disconnect: { function: "talk" },
      talk: { function: "talk", routeResponse: true },
      ...routes,
    },
    connectionTable: { environmentVariable: "TABLE", attribute: "id" },
  });
}

function project(name: string) {
  return makeProject({ "wsgw.config.json": definition(name), "talk.mjs": HANDLER });
}

describe.skipIf(skipped)("the ladder, judged by the AWS CLI", { timeout: START_MS }, () => {
  const moto = useMoto();

  const options = (cwd: string) => ({
    cwd,
    env: {},
    endpointUrl: moto.url,
    confirm: async () => true,
    timing: quickTiming(),
  });
  const api = async () => (await moto.aws("apigatewayv2", "get-apis")).Items[0]?.ApiId as string;
  const stage = async (id: string) =>
    (await moto.aws("apigatewayv2", "get-stages", "--api-id", id)).Items[0];

  test("deploy, nothing to change, a new route, code only, destroy", async () => {
    const { root, write } = project("chat");

    expect((await deploy(options(root))).kind).toBe("deployed");
    const id = await api();
    const [routes, integrations, first, functions] = await Promise.all([
      moto.aws("apigatewayv2", "get-routes", "--api-id", id),
      moto.aws("apigatewayv2", "get-integrations", "--api-id", id),
      stage(id),
      moto.aws("lambda", "list-functions"),
    ]);
    const arn = functions.Functions[0].FunctionArn;
    const uris = new Map(
      integrations.Items.map((one: { IntegrationId: string; IntegrationUri: string }) => [
        `integrations/${one.IntegrationId}`,
        one.IntegrationUri,
      ]),
    );
    const targets = routes.Items.map((one: { RouteKey: string; Target: string }) => [
      one.RouteKey,
      uris.get(one.Target),
    ]);
    const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
    expect(Object.fromEntries(targets)).toEqual({ $connect: uri, $disconnect: uri, talk: uri });
    expect(first).toMatchObject({ StageName: "v1", DeploymentId: expect.any(String) });

    expect((await deploy(options(root))).kind).toBe("unchanged");

    write("wsgw.config.json", definition("chat", { again: { function: "talk" } }));
    expect((await deploy(options(root))).kind).toBe("deployed");
    const second = await stage(id);
    expect(second.DeploymentId).not.toBe(first.DeploymentId);

    write("talk.mjs", HANDLER.replace("200", "201"));
    expect((await deploy({ ...options(root), codeOnly: true })).kind).toBe("code-updated");
    const changed = await moto.aws("lambda", "list-functions");
    expect(changed.Functions[0].CodeSha256).not.toBe(functions.Functions[0].CodeSha256);
    expect((await deploy(options(root))).kind).toBe("deployed");
    expect((await stage(id)).DeploymentId).toBe(second.DeploymentId);

    expect(await destroy(options(root))).toMatchObject({ kind: "destroyed", kept: [] });
    expect(await pendingWork(moto)).toEqual({});
  });

  describe("killed at any step, it ends well when it is run again", () => {
    let cli: string;
    beforeAll(async () => {
      cli = await buildCli();
    }, START_MS);

    test.each([
      "bucket.checked",
      "function.packaged",
      "upload.ended",
      "changeSet.created",
      "stack.started",
    ])("killed at %s", async (type) => {
      const { root } = project("chat");
      const args = ["deploy", "--endpoint-url", moto.url, "--yes", "--json"];
      const child = spawn(process.execPath, [cli, ...args], { cwd: root });
      const exited = once(child, "exit");
      for await (const line of createInterface(child.stdout)) {
        if (JSON.parse(line).type === type) child.kill("SIGKILL");
      }
      await exited;

      const result = await deploy(options(root));

      expect(["deployed", "unchanged"]).toContain(result.kind);
      const { Items } = await moto.aws("apigatewayv2", "get-routes", "--api-id", await api());
      expect(Items).toHaveLength(3);
    });
  });
});

/** What is still there of a stack, by kind; the bucket itself is meant to stay. */
async function pendingWork(moto: Pick<Moto, "aws">): Promise<Record<string, unknown>> {
  const bucket = "wsgw-artifacts-123456789012-us-east-1";
  const [apis, tables, functions, roles, groups, objects] = await Promise.all([
    moto.aws("apigatewayv2", "get-apis"),
    moto.aws("dynamodb", "list-tables"),
    moto.aws("lambda", "list-functions"),
    moto.aws("iam", "list-roles"),
    moto.aws("logs", "describe-log-groups"),
    moto.aws("s3api", "list-object-versions", "--bucket", bucket),
  ]);
  const all = {
    apis: apis.Items,
    tables: tables.TableNames,
    functions: functions.Functions,
    roles: roles.Roles,
    logGroups: groups.logGroups,
    objects: [...(objects?.Versions ?? []), ...(objects?.DeleteMarkers ?? [])],
  };
  return Object.fromEntries(Object.entries(all).filter(([, found]) => found.length > 0));
}
