import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../../src/client/client.ts";
import {
  identityHeader,
  identityHeaderValue,
} from "../../../src/emulator/apigateway/authorizers/rules/mocked-identity.ts";
import { type DevOptions, startDev } from "../../../src/emulator/dev.ts";
import { findRunning } from "../../../src/project-directory/running.ts";
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
    'The identity "eve" is not defined. Its identities are ann, bob.',
  );
});

test("send --as is for a gateway of the project", async () => {
  const { send } = await start();

  expect((await send("ws://localhost:1/dev", "--as", "ann", ...ASK)).err).toContain(
    "--as works only with a gateway that wsgw dev runs in this project; ws://localhost:1/dev is not one.",
  );
});

test("dev --authorizer makes every client one, and says so", async () => {
  const { send, session } = await start({ mockedIdentity: { principalId: "cat" } });

  expect(await send(...ASK)).toMatchObject({ exitCode: 0, out: '{"principalId":"cat"}\n' });
  expect(session.journal.entries().filter(({ type }) => type === "warning")).toMatchObject([
    {
      message:
        'wsgw does not call authorizers: every client has the identity {"principalId":"cat"}.',
    },
  ]);
});

test("no client gets a mock identity if others can reach the gateway", async () => {
  const { send } = await start({ publicHost: "laptop.local" });

  expect((await send("--as", "ann", ...ASK)).err).toMatch(
    /^✗ Other machines can reach .*, so its authorizers are called; --as works only with a gateway for this machine\./,
  );
  await expect(start({ mockedIdentity: { principalId: "cat" }, host: "0.0.0.0" })).rejects.toThrow(
    "Other machines can reach this gateway, so it must call its authorizers. Omit the mock identity (--authorizer), or the host (--host, --public-host).",
  );
});

test("the gateway itself ignores mock identities if others can reach it", async () => {
  const { session } = await start({ host: "0.0.0.0" });
  const [running] = await findRunning(session.configFile);
  const header = identityHeader(running?.control?.token ?? "");

  const opening = await openClient(session.url, {
    headers: { [header.toUpperCase()]: identityHeaderValue("ann") },
  });

  expect(opening).toMatchObject({ kind: "refused", statusCode: 400 });
  expect(
    session.journal.entries().filter(({ type }) => type === "connection.refused"),
  ).toMatchObject([
    { because: "other machines can reach this gateway, so it calls its authorizers" },
  ]);
});

test("dev --authorizer says what is wrong with its JSON", async () => {
  await expect(start({ mockedIdentity: { principal: "cat" } as object })).rejects.toThrow(
    'The mock identity (--authorizer) is not valid: principal: "principal" is not a field of an identity. Did you mean "principalId"?',
  );
  expect((await runMain(["dev", "--authorizer", "cat"])).err).toContain(
    '--authorizer must be JSON such as {"principalId":"ann","context":{}}, not "cat".',
  );
});
