import { expect, onTestFinished, test } from "vitest";
import { type DevOptions, startDev } from "../../../src/emulator/dev.ts";
import { project } from "../../readers/projects.ts";
import { runMain } from "../run-main.ts";

const DEFINITION = {
  name: "guarded",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  authorizers: { token: { function: "check" } },
  identities: { ann: { principalId: "ann", context: { admin: true } }, bob: {} },
  functions: { check: { handler: "all.check" }, who: { handler: "all.who" } },
  routes: {
    $connect: { function: "who", authorizer: "token" },
    who: { function: "who", routeResponse: true },
  },
};
/** Asks nobody here, as one that asks Cognito. */
const ALL = `
exports.check = async () => { throw new Error("no network"); };
exports.who = async ({ requestContext: { authorizer } }) => ({ statusCode: 200, body: JSON.stringify(authorizer) });
`;
const ASK = ["-x", '{"action":"who"}', "-n", "1"];

async function start(options: Partial<DevOptions> = {}) {
  const { root: cwd } = project({
    "wsgw.config.json": JSON.stringify(DEFINITION),
    "all.js": ALL,
  });
  const session = await startDev({ cwd, port: 0, ...options });
  onTestFinished(() => session.stop());
  const send = (...argv: readonly string[]) => runMain(["send", ...argv], { cwd });
  return { session, send };
}

test("send --as is an identity of the definition, and the authorizer is not asked", async () => {
  const { send } = await start();

  expect(await send("--as", "ann", ...ASK)).toMatchObject({
    exitCode: 0,
    out: '{"admin":"true","principalId":"ann"}\n',
  });
  expect(await send(...ASK)).toMatchObject({ exitCode: 1 });
});

test("send --as says which identities there are", async () => {
  const { send } = await start();

  expect((await send("--as", "eve", ...ASK)).err).toContain(
    'There is no identity "eve" in the definition; `identities` has ann, bob.',
  );
});

test("send --as is for a gateway of the project", async () => {
  const { send, session } = await start();
  const port = new URL(session.url).port === "1" ? 2 : 1;

  expect((await send(`ws://localhost:${port}/dev`, "--as", "ann", ...ASK)).err).toContain(
    `--as is for a gateway that wsgw dev runs in this project, and ws://localhost:${port}/dev is none.`,
  );
});

test("dev --authorizer makes every client one, and says so", async () => {
  const { send, session } = await start({ mockedIdentity: { principalId: "cat" } });

  expect(await send(...ASK)).toMatchObject({ exitCode: 0, out: '{"principalId":"cat"}\n' });
  expect(session.journal.entries().filter(({ type }) => type === "warning")).toMatchObject([
    { message: "Authorizers are not asked: every client is cat." },
  ]);
});

test("nobody is mocked where others can reach the gateway", async () => {
  const { send } = await start({ publicHost: "laptop.local" });

  expect((await send("--as", "ann", ...ASK)).err).toMatch(
    /^✗ Others can reach .*, so its authorizers are asked; --as is for a gateway of this machine alone\./,
  );
  await expect(start({ mockedIdentity: { principalId: "cat" }, host: "0.0.0.0" })).rejects.toThrow(
    "Others can reach this gateway, so its authorizers have to be asked",
  );
});

test("dev --authorizer says what is wrong with its JSON", async () => {
  await expect(start({ mockedIdentity: { principal: "cat" } as object })).rejects.toThrow(
    '--authorizer is no identity: "principal" is none of principalId and context.',
  );
  expect((await runMain(["dev", "--authorizer", "cat"])).err).toContain(
    '--authorizer must be JSON such as {"principalId":"ann","context":{}}; it is "cat".',
  );
});
