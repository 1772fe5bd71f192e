import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runMain } from "../run-main.ts";

/** A directory with files, in which `wsgw template` runs. */
async function directoryWith(files: Readonly<Record<string, string>>) {
  const cwd = await mkdtemp(join(tmpdir(), "wsgw-template-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return (...argv: string[]) => runMain(["template", ...argv], { cwd });
}

test("wsgw template prints what a template makes of a message", async () => {
  const template = await directoryWith({
    "put.vtl": `#set($room = $input.path('$.room'))\n{"room":"$room","all":$input.json('$')}\n`,
  });

  expect(await template("put.vtl", "--message", '{"room": "blue"}')).toEqual({
    exitCode: 0,
    out: '{"room":"blue","all":{"room":"blue"}}\n',
    err: "",
  });
});

test("the context is that of a message, with what --context adds", async () => {
  const template = await directoryWith({
    "all.vtl":
      "$context.eventType $context.routeKey $context.stage $context.authorizer.principalId\n" +
      "#set($ttl = $context.requestTimeEpoch / 1000 + 60)$ttl $context.identity.sourceIp $context.identity.userAgent\n" +
      "$context.messageId $context.connectionId $context.apiId",
    "context.json": '{"stage":"live","identity":{"userAgent":"test"}}',
  });
  const context = '{"authorizer":{"principalId":"ann"},"routeKey":"join"}';

  const { out } = await template("all.vtl", "--context", context);
  expect(out).toMatch(
    /^MESSAGE join dev ann\n\d{10} 127\.0\.0\.1 \n[\w-]{18}== [\w-]{18}== abcdef1234\n$/,
  );
  const fromFile = await template("all.vtl", "--context", "context.json");
  expect(fromFile.out).toMatch(/^MESSAGE \$default live \n\d{10} 127\.0\.0\.1 test\n/);
});

test("--connect has the headers of a handshake, and --params and --stage-variables add to them", async () => {
  const template = await directoryWith({
    "join.vtl":
      "$context.eventType $input.params('room') $input.params().get('header').get('Host') $stageVariables.table",
  });
  const params = '{"querystring":{"room":"blue"}}';
  const variables = '{"table":"rooms"}';

  const { out } = await template(
    ...["join.vtl", "--connect", "--params", params, "--stage-variables", variables],
  );
  expect(out).toBe("CONNECT blue abcdef1234.execute-api.us-east-1.amazonaws.com rooms\n");
});

test("a fault is shown with file, line, the line itself and the value at hand", async () => {
  const template = await directoryWith({
    "put.vtl": `{\n\t"id": "$input.path('$.id').substring(0, 9)"\n}`,
    "open.vtl": "#if($input.path('$.a'))\nyes",
  });

  expect(await template("put.vtl", "-m", '{"id":"ann"}')).toEqual({
    exitCode: 1,
    out: "",
    err: `✗ put.vtl:2:28: substring() throws StringIndexOutOfBoundsException: begin 0, end 9, length 3.
  2 |  "id": "$input.path('$.id').substring(0, 9)"
                                 ^
  The value: ann
  API Gateway then does not call the backend and answers with Internal server error.
`,
  });
  expect(await template("open.vtl")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("✗ open.vtl:1:1: #if has no #end.\n"),
  });
});

test.each([
  [["none.vtl"], "✗ Cannot read none.vtl: "],
  [["a.vtl", "--context", "{"], "✗ --context must be a JSON object, not {."],
  [["a.vtl", "--context", "list.json"], "✗ --context must be a JSON object, not [] in list.json."],
  [
    ["a.vtl", "--stage-variables", '{"a":1}'],
    '✗ --stage-variables must contain strings, not {"a":1}.',
  ],
  [
    ["a.vtl", "--stage-variables", '{"a":1}'],
    '✗ --stage-variables must contain strings, not {"a":1}.',
  ],
  [["a.vtl", "--params", '{"path":[]}'], "✗ --params must contain strings, not []."],
])("rejects %j with its reason", async (argv, message) => {
  const template = await directoryWith({ "a.vtl": "", "list.json": "[]" });

  const { exitCode, err } = await template(...argv);
  expect(exitCode).toBe(1);
  expect(err).toContain(message);
});
