import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";
import type { Network } from "../../src/emulator/network/rules/hosts.ts";
import { createProgramHost } from "../../src/emulator/programs.ts";
import { makeProject } from "../bundle/project.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";
import { routed } from "./routed.ts";

beforeAll(buildLambdaChild);

const skipped = await lacksPython();

const PYTHON = { handler: "app.handler", runtime: "python3.11", timeout: 20 };

async function start(options: Partial<EmulatorOptions> & { readonly definition: unknown }) {
  const emulator = await startEmulator({ port: 0, ...options });
  onTestFinished(() => emulator.stop());
  const opening = await openClient(emulator.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  onTestFinished(() => opening.client.terminate());
  const ask = async (action: string): Promise<string> => {
    opening.client.send(JSON.stringify({ action }));
    return (await opening.client.next({ timeoutMs: 20_000 })) as string;
  };
  return { emulator, ask };
}

const saying = (body: string) =>
  `def handler(event, context): return {"statusCode": 200, "body": "${body}"}`;
const NODE = "exports.handler = async () => ({ statusCode: 200, body: 'Node' });";

test.skipIf(skipped)(
  "functions of several languages serve one API, and a change in any of their files counts",
  { tags: ["journey"] },
  async () => {
    const { root, write } = makeProject({
      "app.py": "from words import handler",
      "words.py": saying("Python"),
      "node.js": NODE,
      "package.json": "{}",
    });
    const functions = { python: PYTHON, node: { handler: "node.handler" } };
    const { emulator, ask } = await start({ definition: routed(functions), root });
    expect([await ask("python"), await ask("node")]).toEqual(["Python", "Node"]);

    const file = write("words.py", saying("changed"));
    const names = await emulator.reload([file]);

    expect(names).toEqual(["python"]);
    expect(emulator.inputs()).toContain(file);
    expect(await ask("python")).toBe("changed");
  },
);

test.skipIf(skipped)(
  "a definition may gain its first function of another language while it is served",
  { tags: ["journey"] },
  async () => {
    const { root } = makeProject({
      "app.py": saying("Python"),
      "node.js": NODE,
      "package.json": "{}",
    });
    const node = { handler: "node.handler" };
    const { emulator, ask } = await start({ definition: routed({ node }), root });

    await emulator.update(routed({ node, python: PYTHON }));

    expect(await ask("python")).toBe("Python");
  },
);

const LOOK = `
import json, os, urllib.error, urllib.request

def handler(event, context):
    variables = ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
    host = f"{event['requestContext']['apiId']}.execute-api.{os.environ['AWS_REGION']}.amazonaws.com"
    try:
        urllib.request.urlopen(f"https://{host}/dev/@connections/none")
    except urllib.error.HTTPError as error:
        answer = [error.code, error.read().decode()]
    files = list({os.environ[name] for name in variables})
    return {"statusCode": 200, "body": json.dumps({"files": files, "answer": answer})}
`;

test.skipIf(skipped)(
  "a program reaches the gateway by AWS hosts, and trusts it in addition to the system's authorities",
  async () => {
    const { root } = makeProject({ "app.py": LOOK });
    const { emulator, ask } = await start({ definition: routed({ python: PYTHON }), root });

    const { files, answer } = JSON.parse(await ask("python"));

    // No id, so the gateway refuses it: what matters is who answers.
    expect(answer).toEqual([400, expect.stringContaining("Invalid connectionId: none")]);
    expect(files).toHaveLength(1);
    const bundle = readFileSync(files[0], "utf8");
    expect(bundle).toContain(emulator.caPem);
    expect(bundle.match(/BEGIN CERTIFICATE/g)!.length).toBeGreaterThan(50);
  },
);

const CALL_SQS = `
import json, urllib.error, urllib.request

def handler(event, context):
    try:
        urllib.request.urlopen("https://sqs.us-east-1.amazonaws.com/?Action=ListQueues")
    except urllib.error.HTTPError as error:
        return {"statusCode": 200, "body": error.read().decode()}
`;

test.skipIf(skipped)(
  "a program's call of another service of AWS is stopped",
  { tags: ["journey"] },
  async () => {
    const { root } = makeProject({ "app.py": CALL_SQS });
    const { emulator, ask } = await start({ definition: routed({ python: PYTHON }), root });

    expect(await ask("python")).toContain("wsgw stopped the call before it left this machine");

    expect(emulator.journal.entries().filter(({ type }) => type === "aws.stopped")).toEqual([
      expect.objectContaining({ service: "sqs", operation: "ListQueues" }),
    ]);
  },
);

const PLAIN = `
import json, os, urllib.error, urllib.request

def read(url):
    try:
        return urllib.request.urlopen(url).read().decode()
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode()}"

def handler(event, context):
    region = os.environ["AWS_REGION"]
    api = f"{event['requestContext']['apiId']}.execute-api.{region}.amazonaws.com"
    hosts = [f"{api}/dev/@connections/none", f"sqs.{region}.amazonaws.com/?Action=ListQueues", os.environ["OTHER"]]
    return {"statusCode": 200, "body": json.dumps([read(f"http://{host}") for host in hosts])}
`;

test.skipIf(skipped)(
  "a program's plain http calls to hosts of AWS stay on this machine, others go where they lead",
  { tags: ["journey"] },
  async () => {
    const asked: unknown[] = [];
    const other = createServer((request, response) => {
      asked.push(request.url); // a proxy would be sent the whole URL
      response.end("other");
    });
    const environment = { OTHER: `127.0.0.1:${await listen(other)}/here` };
    const { root } = makeProject({ "app.py": PLAIN });
    const definition = routed({ python: { ...PYTHON, environment } });
    const { emulator, ask } = await start({ definition, root });

    const [api, sqs, local] = JSON.parse(await ask("python"));

    expect(api).toMatch(/^40[03] /);
    expect(sqs).toContain("wsgw stopped the call before it left this machine");
    expect(local).toBe("other");
    expect(asked).toEqual(["/here"]);
    expect(emulator.journal.entries().filter(({ type }) => type === "aws.stopped")).toEqual([
      expect.objectContaining({ service: "sqs", operation: "ListQueues" }),
    ]);
  },
);

const BOTO3 = `
import json, os, boto3

def handler(event, context):
    region = os.environ["AWS_REGION"]
    answers = []
    tables = boto3.client("dynamodb", endpoint_url=f"http://dynamodb.{region}.amazonaws.com")
    answers.append(tables.list_tables()["TableNames"])
    functions = boto3.client("lambda", endpoint_url=f"http://lambda.{region}.amazonaws.com")
    try:
        functions.invoke(FunctionName="nobody")
    except functions.exceptions.ResourceNotFoundException as error:
        answers.append(error.response["Error"]["Code"])
    return {"statusCode": 200, "body": json.dumps(answers)}
`;

const withoutBoto3 = spawnSync("python3", ["-c", "import boto3"]).status !== 0;

test.skipIf(skipped || withoutBoto3)(
  "boto3 reaches the tables and the functions by http, too",
  { tags: ["journey"] },
  async () => {
    const { root } = makeProject({ "app.py": BOTO3 });
    const { ask } = await start({
      definition: {
        ...routed({ python: { ...PYTHON, timeout: 30 } }),
        tables: { rooms: { name: "rooms", partitionKey: { name: "id", type: "S" } } },
      },
      root,
    });

    expect(JSON.parse(await ask("python"))).toEqual([["rooms"], "ResourceNotFoundException"]);
  },
);

test.skipIf(skipped)(
  "reports errors of functions in all languages together",
  { tags: ["journey"] },
  async () => {
    const { root } = makeProject({ "package.json": "{}" });
    const functions = {
      node: { handler: "node.handler" },
      python: PYTHON,
      shell: { handler: "shell/bootstrap", runtime: "provided.al2023" },
    };

    const failure = await startEmulator({
      definition: routed(functions),
      root,
      port: 0,
      strict: true,
    }).catch((error: Error) => error);

    expect(failure).toMatchObject({ code: "HANDLER_INVALID" });
    const { message } = failure as Error;
    expect(message.split("\n")).toEqual([
      expect.stringMatching(/^Function "node" has the handler node\.handler, but node with /),
      expect.stringMatching(
        /^Function "python" has the handler app\.handler, but app\.py does not exist./,
      ),
      expect.stringMatching(/^Function "shell" has its code in shell, which is not a directory\./),
    ]);
  },
);

test.skipIf(skipped)(
  "a program on another version of its interpreter is a warning, once",
  { tags: ["journey"] },
  async () => {
    const { root, write } = makeProject({ "app.py": saying("Python") });
    const functions = { python: { ...PYTHON, runtime: "python3.14" } };
    const { emulator } = await start({ definition: routed(functions), root });

    await emulator.reload([write("app.py", saying("changed"))]);

    const warnings = emulator.journal.entries().filter(({ type }) => type === "warning");
    expect(warnings).toEqual([
      expect.objectContaining({ message: expect.stringContaining("runs on Python 3.") }),
    ]);
  },
);

test("a gateway that could not make a program's network ready makes it ready with the next change", async () => {
  const { root, write } = makeProject({});
  const program = {
    functionName: "own",
    command: ["own"],
    directory: root,
    handler: "own",
    inputs: [],
  };
  const code = {
    built: new Map([["own", program]]),
    broken: new Map(),
    uninstalled: new Map(),
    failureInputs: { read: [], missing: [] },
  };
  const network = { address: { host: "127.0.0.1", port: 1 } } as Network;
  const stateDir = write("state", "a file where the folder ought to be");
  const host = createProgramHost({ stateDir, caPem: "", network: () => network });
  onTestFinished(host.stop);

  await expect(host.prepare(code)).rejects.toMatchObject({ code: "CERTIFICATE_FAILED" });
  rmSync(stateDir);

  expect(await host.prepare(code)).toMatchObject({
    caBundle: expect.stringContaining(stateDir),
    proxy: expect.stringMatching(/^http:/),
  });
});
