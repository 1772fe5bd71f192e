import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { deploy, destroy, diffStack, findStackUrl, writeDeployment } from "../../../src/app.ts";
import { makeProject } from "../../bundle/project.ts";
import { SHOP, SHOP_FILES } from "../several.ts";
import { isInstalled } from "./judge.ts";
import { deployOptions, START_MS, skipped, useMoto } from "./moto.ts";

const run = promisify(execFile);

test.skipIf(!isInstalled("cfn-lint", "--version"))(
  "cfn-lint finds nothing in what deploy --noop writes for two APIs",
  async () => {
    const { root: cwd } = makeProject(SHOP_FILES);
    const { directory } = await writeDeployment({ cwd });

    const found = await run("cfn-lint", [join(directory, "template.json")]).catch((error) => error);

    expect(found.stdout).toBe("");
  },
  120_000,
);

describe.skipIf(skipped)(
  "two APIs in one stack, judged by the AWS CLI",
  { timeout: START_MS },
  () => {
    const moto = useMoto();

    const options = (cwd: string) => deployOptions(cwd, moto);
    type Named = { readonly ApiId: string; readonly Name: string };
    const apiIds = async (): Promise<Readonly<Record<string, string>>> => {
      const { Items } = await moto.aws("apigatewayv2", "get-apis");
      return Object.fromEntries(Items.map(({ ApiId, Name }: Named) => [Name, ApiId]));
    };
    const listed = async (what: "routes" | "stages", id: string | undefined, field: string) => {
      const { Items } = await moto.aws("apigatewayv2", `get-${what}`, "--api-id", id ?? "");
      return Items.map((item: Record<string, string>) => item[field]).sort();
    };

    test("both are there with their stages and routes, and share functions and a table", async () => {
      const { root } = makeProject(SHOP_FILES);

      expect((await deploy(options(root))).kind).toBe("deployed");

      const ids = await apiIds();
      const [chat, orders] = [ids["shop-chat"], ids["shop-orders"]];
      expect(Object.keys(ids)).toHaveLength(2);
      expect(await listed("stages", chat, "StageName")).toEqual(["v1", "v2"]);
      expect(await listed("stages", orders, "StageName")).toEqual(["live"]);
      expect(await listed("routes", chat, "RouteKey")).toEqual(["$connect", "talk"]);
      expect(await listed("routes", orders, "RouteKey")).toEqual(["$connect", "$default"]);
      const [{ Functions }, { TableNames }, { Items }] = await Promise.all([
        moto.aws("lambda", "list-functions"),
        moto.aws("dynamodb", "list-tables"),
        moto.aws("apigatewayv2", "get-stages", "--api-id", orders ?? ""),
      ]);
      expect(TableNames).toHaveLength(1);
      const environments = Functions.map(
        (fn: { readonly Environment: { readonly Variables: object } }) => fn.Environment.Variables,
      );
      const host = (id: string | undefined) => `${id}.execute-api.us-east-1.amazonaws.com`;
      expect(environments).toHaveLength(3);
      expect(environments).toEqual(
        expect.arrayContaining([
          { ROOMS: TableNames[0] },
          { ROOMS: TableNames[0], ORDERS: `https://${host(orders)}/live` },
          { ROOMS: TableNames[0], CHAT_URL: `wss://${host(chat)}/v1` },
        ]),
      );
      expect(Items[0].StageVariables).toEqual({ chat });

      const url = (more: object) => findStackUrl({ ...options(root), stackName: "shop", ...more });
      expect(await url({ api: "chat" })).toBe(`wss://${host(chat)}/v1`);
      expect(await url({ api: "chat", stage: "v2" })).toBe(`wss://${host(chat)}/v2`);
      expect(await url({ api: "orders" })).toBe(`wss://${host(orders)}/live`);
      await expect(url({})).rejects.toMatchObject({
        code: "USAGE",
        message: "The stack shop has several APIs. Choose one with --api: ChatApi, OrdersApi.",
      });

      expect((await deploy(options(root))).kind).toBe("unchanged");
      expect((await destroy(options(root))).kind).toBe("destroyed");
      expect(await apiIds()).toEqual({});
    });

    test("an API more leaves the ids of those that are there", async () => {
      const { root, write } = makeProject(SHOP_FILES);
      await deploy(options(root));
      const before = await apiIds();
      const more = `    admin: { routeSelectionExpression: "$request.body.do", stages: { v1: {} }, routes: { $default: { function: "open" } } },\n  },\n  functions: {`;
      write("wsgw.config.ts", SHOP.replace("  },\n  functions: {", more));

      const { changes } = await diffStack(options(root));
      const touched = changes.filter(
        ({ type, kind }) => type.startsWith("AWS::ApiGatewayV2") && kind !== "added",
      );
      expect(touched).toEqual([]);
      expect((await deploy(options(root))).kind).toBe("deployed");

      expect(await apiIds()).toEqual({ ...before, "shop-admin": expect.any(String) });
    });
  },
);
