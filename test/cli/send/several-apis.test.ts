import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DevSession, startDev } from "../../../src/emulator/dev.ts";
import { buildLambdaChild } from "../../lambda-child.ts";
import { runMain } from "../run-main.ts";

const DEFINITION = {
  name: "shop",
  apis: {
    chat: {
      routeSelectionExpression: "$request.body.action",
      stages: { v1: {} },
      routes: { who: { function: "who", routeResponse: true } },
    },
    admin: {
      routeSelectionExpression: "$request.body.action",
      stages: { draft: {}, live: {} },
      routes: { who: { function: "who", routeResponse: true } },
    },
  },
  functions: { who: { handler: "who.handler" } },
};
const WHO = `exports.handler = async ({ requestContext: { stage } }) => ({ statusCode: 200, body: stage });`;
const ASK = ["-x", '{"action":"who"}', "-n", "1"];

let root: string;
let session: DevSession | undefined;

beforeAll(async () => {
  await buildLambdaChild();
  root = await mkdtemp(join(tmpdir(), "wsgw-shop-"));
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(root, "who.js"), WHO);
  session = await startDev({ cwd: root, port: 0 });
});

afterAll(async () => {
  await session?.stop();
  await rm(root, { recursive: true, force: true });
});

function wsgw(...argv: readonly string[]) {
  return runMain(argv, { cwd: root });
}

test.each([
  [["--api", "chat"], "v1"],
  [["--api", "admin"], "draft"],
  [["--api", "admin", "--stage", "live"], "live"],
])("send %j talks to that API at its stage %s", async (named, stage) => {
  expect(await wsgw("send", ...named, ...ASK)).toMatchObject({ exitCode: 0, out: `${stage}\n` });
});

test("send says which APIs there are when none is named", async () => {
  const { exitCode, err } = await wsgw("send", ...ASK);

  expect(exitCode).toBe(1);
  expect(err).toMatch(
    /has several APIs\. Choose one:\s+wsgw send --api chat\s+wsgw send --api admin\s/,
  );
});

test("send rejects --api with a URL, which already selects one", async () => {
  const { exitCode, err } = await wsgw("send", String(session?.url), "--api", "chat", ...ASK);

  expect(exitCode).toBe(1);
  expect(err).toContain("--api and --stage work with this project's gateway");
});

test("an event is for the API and stage that are named", async () => {
  const { out } = await wsgw("event", "connect", "--api", "admin", "--stage", "live");
  const id = session?.apis[1]?.id;

  expect(JSON.parse(out).requestContext).toMatchObject({ stage: "live", apiId: id });
});

test("an event for an API that there is not says which there are", async () => {
  const { exitCode, err } = await wsgw("event", "connect", "--api", "shop");

  expect(exitCode).toBe(1);
  expect(err).toContain('There is no API "shop". The project has chat, admin.');
});
