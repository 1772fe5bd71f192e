import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

const DEFINITION: ApiDefinition = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { all: { handler: "all.handler" } },
  routes: { $default: { function: "all" } },
  hosts: ["abc123.execute-api.eu-west-1.amazonaws.com"],
};

beforeAll(buildLambdaChild);

async function gateway() {
  const { root } = makeProject({});
  const started = await startGateway(DEFINITION, { root, handlers: { all: async () => {} } });
  onTestFinished(() => started.stop());
  return { root, ...started };
}

/** What a program prints that knows of the gateway by its environment alone. */
async function printed(variables: Readonly<Record<string, string>>, code: string) {
  const env = { PATH: process.env.PATH, HOME: "/nowhere", ...variables };
  const argv = ["--input-type=module", "-e", code];
  const { stdout } = await run(process.execPath, argv, { cwd: repository, env });
  return stdout.trim();
}

test.each([
  ["the name by which AWS knows the API", undefined],
  ["a further host of the API", "abc123.execute-api.eu-west-1.amazonaws.com"],
])("a program that runs with the gateway posts by the SDK to %s", async (_, named) => {
  const { connect, apis, programEnvironment } = await gateway();
  const ann = await connect();
  const host = named ?? apis[0]?.domainName;

  await printed(
    await programEnvironment({ HOME: "/nowhere" }),
    `import { ApiGatewayManagementApi } from "@aws-sdk/client-apigatewaymanagementapi";
     const client = new ApiGatewayManagementApi({ endpoint: "https://${host}/v1", region: "us-east-1" });
     await client.postToConnection({ ConnectionId: "${ann.connectionId}", Data: "from outside" });`,
  );

  expect(await ann.next()).toBe("from outside");
});

test("a program's fetch and a proxy's client reach the API by its own name", {
  tags: ["journey"],
}, async () => {
  const { apis, programEnvironment } = await gateway();
  const variables = await programEnvironment({ HOME: "/nowhere" });
  const url = `https://${apis[0]?.domainName}/v1`;

  expect(await printed(variables, `console.log((await fetch("${url}")).status)`)).toBe("426");
  const { stdout } = await run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", url], {
    env: { PATH: process.env.PATH, ...variables },
  });
  expect(stdout).toBe("426");
});

test("connections to all other hosts go where the program wants", {
  tags: ["journey"],
}, async () => {
  const { url, programEnvironment } = await gateway();
  const local = url.replace("ws:", "http:");

  const variables = await programEnvironment({ HOME: "/nowhere" });

  expect(await printed(variables, `console.log((await fetch("${local}")).status)`)).toBe("426");
});

test("what the program's environment sets already stays", async () => {
  const { root, caPem, programEnvironment } = await gateway();
  const extra = join(root, "extra.pem");
  writeFileSync(extra, "the company's own authority");

  const variables = await programEnvironment({
    HOME: "/nowhere",
    HTTPS_PROXY: "http://proxy.example.com:3128",
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    NODE_EXTRA_CA_CERTS: extra,
    NODE_OPTIONS: "--max-old-space-size=512",
  });

  expect(variables).not.toHaveProperty("HTTPS_PROXY");
  expect(variables).not.toHaveProperty("AWS_ACCESS_KEY_ID");
  expect(variables.NODE_OPTIONS).toMatch(/^--max-old-space-size=512 --require /);
  const trusted = readFileSync(variables.NODE_EXTRA_CA_CERTS ?? "", "utf8");
  expect(trusted).toContain("the company's own authority");
  expect(trusted).toContain(caPem);
});

test.each([
  [{ https_proxy: "http://proxy.example.com:3128" }, ["HTTPS_PROXY", "https_proxy"]],
  [{ ALL_PROXY: "http://proxy.example.com:3128" }, ["HTTPS_PROXY", "https_proxy"]],
  [{ HTTP_PROXY: "http://proxy.example.com:3128" }, ["HTTP_PROXY", "http_proxy"]],
  [{ all_proxy: "http://proxy.example.com:3128" }, ["HTTP_PROXY", "http_proxy"]],
  [{ REQUESTS_CA_BUNDLE: "/corp.pem" }, ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"]],
])("%j stays under each of its names", async (env, names) => {
  const { programEnvironment } = await gateway();

  const variables = await programEnvironment({ HOME: "/nowhere", ...env });

  for (const name of names) expect(variables).not.toHaveProperty(name);
});

test("a program without AWS keys gets the gateway's, and one without anything gets all of it", async () => {
  const { credentials, programEnvironment } = await gateway();

  expect(await programEnvironment({ HOME: "/nowhere" })).toMatchObject({
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    HTTPS_PROXY: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
});
