import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../../src/client/client.ts";
import { startDev } from "../../../src/emulator/dev.ts";
import { project } from "../../readers/projects.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { runMain } from "../run-main.ts";

const DEFINITION = {
  name: "signed",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  identities: {
    ann: {},
    eve: { statements: [{ Effect: "Deny", Action: "*", Resource: "*" }] },
  },
  functions: { who: { handler: "all.who" } },
  routes: {
    $connect: { function: "who", authorizer: "AWS_IAM" },
    who: { function: "who", routeResponse: true },
  },
};
const ALL = `exports.who = async ({ requestContext: { identity } }) => ({ statusCode: 200, body: identity.userArn });`;
const ASK = ["-x", '{"action":"who"}', "-n", "1"];
const USER = "arn:aws:iam::123456789012:user/";

async function start() {
  const { root: cwd } = project({
    "wsgw.config.json": JSON.stringify(DEFINITION),
    "all.js": ALL,
  });
  const session = await startDev({ cwd, port: 0 });
  onTestFinished(() => session.stop());
  const send = (...argv: readonly string[]) => runMain(["send", ...argv], { cwd });
  return { session, send };
}

test("send --sign signs with keys of the gateway, or of an identity of the definition", async () => {
  const { send, session } = await start();

  expect(await send("--sign", ...ASK)).toMatchObject({ exitCode: 0, out: `${USER}developer\n` });
  expect(await send("--sign", "--as", "ann", ...ASK)).toMatchObject({ out: `${USER}ann\n` });
  expect(await send("--as", "ann", ...ASK)).toMatchObject({ out: `${USER}ann\n` }); // not signed
  const room = `${session.url}?room=a+b`;
  expect(await send("--sign", room, ...ASK)).toMatchObject({ out: `${USER}developer\n` });
  const events = session.journal.entries().filter(({ type }) => type === "function.started");
  expect(JSON.stringify(events)).toContain('"queryStringParameters":{"room":"a b"}');
});

test("send --query escapes its parameters, and signs them with the rest", async () => {
  const { send, session } = await start();
  const query = [
    "--query",
    "room=a b&token=x+y/z==",
    "--query",
    "name=Zoë",
    "--query",
    "done=100%25",
  ];

  expect(await send("--sign", ...query, ...ASK)).toMatchObject({ exitCode: 0 });

  const events = session.journal.entries().filter(({ type }) => type === "function.started");
  expect(JSON.stringify(events)).toContain(
    '"queryStringParameters":{"done":"100%","name":"Zoë","room":"a b","token":"x+y/z=="}',
  );
});

test("send --query needs a name and a value", async () => {
  const { exitCode, err } = await runMain(["send", "--query", "blue"]);

  expect(exitCode).toBe(1);
  expect(err).toContain(`--query must be 'name=value', not "blue".`);
});

test("send shows why IAM rejected the handshake, and what to do", async () => {
  const { send } = await start();

  const unsigned = await send(...ASK);
  const denied = await send("--sign", "--as", "eve", ...ASK);

  expect(unsigned).toMatchObject({ exitCode: 1 });
  expect(unsigned.err).toMatch(
    /403 MissingAuthenticationTokenException\.\n.*Missing Authentication Token.*\n.*--sign\.\n$/,
  );
  expect(denied.err).toMatch(
    /403 AccessDeniedException\.\n.*user\/eve is not authorized.*explicit deny.*\n.*no policy allows/,
  );
  expect((await send("--sign", "--as", "bob", ...ASK)).err).toContain(
    'The identity "bob" is not defined. Its identities are ann, eve.',
  );
});

test("send --sign --print-url prints a URL that any client can connect to", async () => {
  const { send, session } = await start();

  const { exitCode, out } = await send("--sign", "--as", "ann", "--print-url");

  expect(exitCode).toBe(0);
  expect(out).toMatch(
    /^ws:\/\/localhost:\d+\/dev\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA\w+%2F\d{8}%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=\w+&X-Amz-Security-Token=[^&]+&X-Amz-SignedHeaders=host&X-Amz-Signature=[\da-f]{64}\n$/,
  );
  const opening = await openClient(out.trim());
  expect(opening).toMatchObject({ kind: "open" });
  if (opening.kind === "open") await opening.client.close();
  expect(session.credentialsOf("ann").accessKeyId).toBe(/ASIA\w+/.exec(out)?.[0]);
});

test("send --sign elsewhere uses the AWS keys of the shell", async () => {
  const { session } = await start();
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  const env = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const cwd = temporaryDirectory();
  const send = (...argv: readonly string[]) => runMain(["send", "--sign", ...argv], { cwd, env });

  expect(await send(session.url, ...ASK)).toMatchObject({ out: `${USER}developer\n` });
  const aws = "wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/v1";
  expect((await send(aws, "--print-url")).out).toMatch(
    new RegExp(`^${aws}\\?.*${accessKeyId}%2F\\d{8}%2Feu-west-1%2F`),
  );
  expect(
    (await send("wss://chat.example.com/", "--print-url", "--region", "sa-east-1")).out,
  ).toContain("%2Fsa-east-1%2Fexecute-api%2F");
  expect((await send(aws, "--as", "ann")).err).toContain(
    "--as works only with a gateway that wsgw dev runs in this project",
  );
});

test.each([
  [["--print-url"], "--print-url needs --sign."],
  [["--sign", "--auth", "a:b"], "--sign creates the Authorization header"],
  [["--sign", "-H", "authorization: x"], "--sign creates the Authorization header"],
])("send %j is a mistake", async (argv, message) => {
  expect((await runMain(["send", ...argv])).err).toContain(message);
});
