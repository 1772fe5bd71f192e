import { expect, onTestFinished, test } from "vitest";
import { startDev } from "../../../src/emulator/dev.ts";
import { project } from "../../readers/projects.ts";
import { runMain } from "../run-main.ts";

const DEFINITION = {
  name: "keyed",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  apiKeys: { web: {}, app: { value: "app-0123456789-0123456789" } },
  usagePlans: { free: { apiKeys: ["web", "app"] } },
  functions: { say: { handler: "all.say" } },
  routes: {
    $connect: { function: "say", apiKeyRequired: true },
    say: { function: "say", routeResponse: true },
  },
};
const ALL = 'exports.say = async () => ({ statusCode: 200, body: "said" });\n';
const ASK = ["-x", '{"action":"say"}', "-n", "1"];

async function start() {
  const { root: cwd } = project({
    "wsgw.config.json": JSON.stringify(DEFINITION),
    "all.js": ALL,
  });
  const session = await startDev({ cwd, port: 0 });
  onTestFinished(() => session.stop());
  return {
    cwd,
    session,
    send: (...argv: readonly string[]) => runMain(["send", ...argv], { cwd }),
  };
}

test("5: send --api-key takes the name of a key of the gateway, or a value", async () => {
  const { send, session } = await start();
  const said = { exitCode: 0, out: "said\n" };

  expect(await send("--api-key", "web", ...ASK)).toMatchObject(said);
  expect(await send("--api-key", "app-0123456789-0123456789", ...ASK)).toMatchObject(said);
  expect(await send(session.url, "--api-key", "app", ...ASK)).toMatchObject(said);
  expect(await send("-H", "x-api-key: app-0123456789-0123456789", ...ASK)).toMatchObject(said);
  expect(await send("--api-key", "none", ...ASK)).toMatchObject({ exitCode: 1 });
});

test("5: send without a key suggests why the status is 403", async () => {
  const { send } = await start();

  const { exitCode, err } = await send(...ASK);

  expect(exitCode).toBe(1);
  expect(err).toContain("403");
  expect(err).toContain("the API key");
});

test("5: describe shows the value that a key has here, which is that of the gateway", async () => {
  const { cwd, session } = await start();

  const { out } = await runMain(["describe"], { cwd });

  const { value = "" } = session.project.apiKeys.web ?? {};
  expect(out).toContain(`web  ${value} on this machine\n`);
  expect(out).not.toContain("app-0123456789");
});
