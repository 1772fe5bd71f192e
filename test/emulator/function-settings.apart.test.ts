import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import {
  mintAuthority,
  mintLeaf,
} from "../../src/emulator/network/certificates/mint-certificate.ts";
import { TrustedAuthorities } from "../../src/emulator/trusted-authorities.ts";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";

beforeAll(buildLambdaChild);

const withoutPython = await lacksPython();

type FunctionDefinition = ApiDefinition["functions"][string];
type Runtime = "child-process" | "in-process";

/** Starts the one function of a project, whose every message it answers. */
async function start(root: string, fn: FunctionDefinition, runtime: Runtime = "child-process") {
  const gateway = await startGateway(
    {
      name: "settings",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { probe: { timeout: 20, ...fn } },
      routes: { $default: { function: "probe", routeResponse: true } },
    },
    { root, runtime, waitMs: 30_000 },
  );
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  return {
    gateway,
    async ask(message = "{}"): Promise<string> {
      client.send(message);
      return client.next();
    },
    warnings: () => gateway.facts("warning").map(({ message }) => message),
  };
}

/** A server of the company's own, whose certificate no one trusts who does not know its authority. */
async function startCorporate() {
  const authority = mintAuthority(Date.now());
  const leaf = mintLeaf(authority, ["localhost"], Date.now());
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, (_, response) =>
    response.end("corporate"),
  );
  return { pem: authority.certificate, url: `https://localhost:${await listen(server)}/` };
}

const FETCH = `
exports.handler = async ({ body, requestContext: { domainName, stage } }) => {
  const read = (url) => fetch(url).then((response) => response.text(), (error) => error.cause.code);
  const own = await read("https://" + domainName + "/" + stage + "/@connections/none");
  return { statusCode: 200, body: await read(body) + " " + own };
};`;

const OWN = expect.stringMatching(/^corporate \{"message": ?"Invalid connectionId: none"/);

test.each([
  ["child-process", "corp.pem"],
  ["child-process", "/var/task/corp.pem"],
  ["in-process", "corp.pem"],
] as const)(
  "a function in %s trusts the authorities of its NODE_EXTRA_CA_CERTS=%s and wsgw's",
  { tags: ["journey"] },
  async (runtime, file) => {
    const { pem, url } = await startCorporate();
    const { root } = makeProject({ "app.js": FETCH, "corp.pem": pem });
    const environment = { NODE_EXTRA_CA_CERTS: file };

    const { ask, warnings } = await start(root, { handler: "app.handler", environment }, runtime);

    expect(await ask(url)).toEqual(OWN);
    expect(warnings()).toEqual([]);
  },
);

test("a file of authorities that is not there is a warning", async () => {
  const { root } = makeProject({ "app.js": FETCH });
  const environment = { NODE_EXTRA_CA_CERTS: "corp.pem" };

  const { warnings } = await start(root, { handler: "app.handler", environment });

  expect(warnings()).toEqual([
    'Function "probe" sets NODE_EXTRA_CA_CERTS to corp.pem, which does not exist. The variable has no effect.',
  ]);
});

const OPEN = `
import urllib.error, urllib.request

def read(url):
    try:
        return urllib.request.urlopen(url).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()

def handler(event, context):
    host = event["requestContext"]["domainName"] + "/" + event["requestContext"]["stage"]
    return {"statusCode": 200, "body": read(event["body"]) + " " + read(f"https://{host}/@connections/none")}
`;

test.skipIf(withoutPython).each(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])(
  "a function in Python trusts the authorities of its %s and wsgw's",
  { tags: ["journey"] },
  async (variable) => {
    const { pem, url } = await startCorporate();
    const { root } = makeProject({ "app.py": OPEN, "corp.pem": pem });
    const fn = { handler: "app.handler", runtime: "python3.11" } as const;

    const { ask } = await start(root, { ...fn, environment: { [variable]: "corp.pem" } });

    expect(await ask(url)).toEqual(OWN);
  },
);

test("what the shell trusts every function trusts", () => {
  const { root, write } = makeProject({ "own.pem": "the function's own" });
  const authorities = new TrustedAuthorities({
    stateDir: join(root, ".wsgw"),
    caPem: "the gateway's\n",
    caFile: undefined,
    shell: {
      NODE_EXTRA_CA_CERTS: write("node.pem", "the shell's for Node"),
      SSL_CERT_FILE: write("all.pem", "the shell's for all"),
    },
    warn: (message) => expect.unreachable(message),
  });
  const fn = { name: "probe", root, layers: [] };
  const read = (file: string | undefined) => readFileSync(file ?? "", "utf8");

  expect(read(authorities.addedFor({ ...fn, environment: {} }))).toBe(
    "the gateway's\n\nthe shell's for Node\n",
  );
  const environment = { NODE_EXTRA_CA_CERTS: "own.pem" };
  expect(read(authorities.addedFor({ ...fn, environment }))).toBe(
    "the gateway's\n\nthe shell's for Node\nthe function's own\n",
  );
  expect(read(authorities.allFor({ ...fn, environment: {} }))).toMatch(
    /-----END CERTIFICATE-----\nthe gateway's\n\nthe shell's for all$/,
  );
});

test("authorities of the shell that cannot be read are none", () => {
  const { root, write } = makeProject({});
  const authorities = new TrustedAuthorities({
    stateDir: join(root, ".wsgw"),
    caPem: "ours\n",
    caFile: "ours.pem",
    shell: { NODE_EXTRA_CA_CERTS: join(write("file", ""), "below.pem") },
    warn: (message) => expect.unreachable(message),
  });

  expect(authorities.addedFor({ name: "probe", root, layers: [], environment: {} })).toBe(
    "ours.pem",
  );
});

test("authorities that have changed are read again", () => {
  const { root, write } = makeProject({});
  const shell = { NODE_EXTRA_CA_CERTS: write("node.pem", "the old ones") };
  const added = () => {
    const stateDir = join(root, ".wsgw");
    const parts = { stateDir, caPem: "ours\n", caFile: undefined, shell };
    const authorities = new TrustedAuthorities({
      ...parts,
      warn: (message) => expect.unreachable(message),
    });
    const file = authorities.addedFor({ name: "probe", root, layers: [], environment: {} });
    return readFileSync(file ?? "", "utf8");
  };
  expect(added()).toContain("the old ones");

  write("node.pem", "new authorities");

  expect(added()).toBe("ours\n\nnew authorities\n");
});

const STREAMING = `
exports.handler = async () => ({ statusCode: 200, body: typeof awslambda });
exports.streaming = awslambda.streamifyResponse(async (event, stream, context) => {
  stream.write('{"statusCode":200,');
  stream.end('"body":"streamed by ' + context.functionName + '"}');
});
exports.http = awslambda.streamifyResponse(async (event, stream) => {
  awslambda.HttpResponseStream.from(stream, { statusCode: 200 }).end("a body");
});
exports.late = awslambda.streamifyResponse(async () => { throw new Error("no stream"); });
exports.sync = awslambda.streamifyResponse((event, stream) => stream.end());
`;
const RUNTIMES: Runtime[] = ["child-process", "in-process"];

test.each(
  RUNTIMES.flatMap(
    (runtime) =>
      [
        [runtime, "a plain handler beside a streaming one", "handler", "object"],
        [runtime, "a streaming handler", "streaming", "streamed by probe"],
      ] as const,
  ),
)(
  "in %s %s answers, as Lambda's awslambda is there",
  { tags: ["journey"] },
  async (runtime, _, exported, answer) => {
    const { root } = makeProject({ "app.js": STREAMING });
    const fn = { handler: `app.${exported}`, runtime: "nodejs24.x" } as const;

    const { gateway, ask } = await start(root, fn, runtime);

    expect(await ask()).toBe(answer);
    expect(gateway.facts("function.logged")).toEqual([]);
  },
);

test.each([
  ["http", { kind: "returned", payload: `{"statusCode":200}${"\0".repeat(8)}a body` }],
  ["late", { kind: "failed", errorMessage: "no stream" }],
  ["sync", { kind: "failed", errorMessage: "Streaming does not support non-async handlers." }],
])(
  "a streaming handler (%s) that is invoked for no stream ends as on Lambda",
  { tags: ["journey"] },
  async (exported, outcome) => {
    const { root } = makeProject({ "app.js": STREAMING });

    const { gateway } = await start(root, { handler: `app.${exported}` });

    expect(await gateway.invoke("probe", {})).toMatchObject(outcome);
  },
);

test.each(RUNTIMES)(
  "a function in %s can do without awslambda, as on Lambda",
  { tags: ["journey"] },
  async (runtime) => {
    const { root } = makeProject({
      "app.js": "exports.handler = async () => ({ statusCode: 200, body: typeof awslambda });",
    });
    const environment = { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: "1" };

    const { ask } = await start(root, { handler: "app.handler", environment }, runtime);

    expect(await ask()).toBe("undefined");
  },
);

/** A project with a layer, whose files but `plain` can be executed. */
function makeLayered(files: Readonly<Record<string, string>>) {
  const { root } = makeProject(files);
  for (const name of Object.keys(files))
    if (name !== "layer/plain") chmodSync(join(root, name), 0o755);
  return root;
}

const WRAPPER = '#!/bin/bash\nexport WRAPPED="by $(basename "$0")"\nexec "$@"\n';
const WRAPPED = "exports.handler = async () => ({ statusCode: 200, body: process.env.WRAPPED });";
const PYTHON_WRAPPED =
  'import os\ndef handler(event, context): return {"statusCode": 200, "body": os.environ["WRAPPED"]}';
const PYTHON = { handler: "app.handler", runtime: "python3.11" } as const;
const AROUND_PYTHON: [string, FunctionDefinition, string] = [
  "a script around Python",
  { ...PYTHON, layers: ["layer"] },
  "/opt/wrapper",
];

test.each<[string, FunctionDefinition, string]>([
  ["a script in a layer", { handler: "app.handler", layers: ["layer"] }, "/opt/wrapper"],
  ["a script beside the code", { handler: "app.handler" }, "/var/task/layer/wrapper"],
  ...(withoutPython ? [] : [AROUND_PYTHON]),
])("AWS_LAMBDA_EXEC_WRAPPER runs %s", { tags: ["journey"] }, async (_, fn, wrapper) => {
  const root = makeLayered({
    "app.js": WRAPPED,
    "app.py": PYTHON_WRAPPED,
    "layer/wrapper": WRAPPER,
  });
  const environment = { AWS_LAMBDA_EXEC_WRAPPER: wrapper };

  const { ask } = await start(root, { ...fn, environment });

  expect(await ask()).toBe("by wrapper");
});

test.each([
  ["is not there", "/opt/none", 127, "/opt/none: does not exist"],
  ["cannot be executed", "/var/task/layer/plain", 126, "layer/plain: is not an executable"],
])(
  "a wrapper that %s fails as on Lambda",
  { tags: ["journey"] },
  async (_, wrapper, status, line) => {
    const root = makeLayered({
      "app.js": WRAPPED,
      "layer/wrapper": WRAPPER,
      "layer/plain": WRAPPER,
    });
    const environment = { AWS_LAMBDA_EXEC_WRAPPER: wrapper };
    const { gateway } = await start(root, {
      handler: "app.handler",
      layers: ["layer"],
      environment,
    });

    expect(await gateway.invoke("probe", {})).toMatchObject({
      kind: "failed",
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(
        `^RequestId: \\S+ Error: Runtime exited with error: exit status ${status}$`,
      ),
    });
    const [logged] = gateway.facts("function.logged");
    expect(logged?.text).toMatch(new RegExp(`${line}$`));
  },
);

const AROUND = `
exports.handler = async (event) => {
  const inner = require(process.env.LAMBDA_TASK_ROOT + "/" + process.env.WRAPPED_HANDLER);
  const { body } = await inner.handler(event);
  return { statusCode: 200, body: "around " + body };
};`;

test.each(["child-process", "in-process"] as const)(
  "a handler below /opt is that of a layer, in %s",
  async (runtime) => {
    const root = makeLayered({
      "app.js": "exports.handler = async () => ({ statusCode: 200, body: 'inner' });",
      "layer/nodejs/node_modules/monitor/handler.js": AROUND,
    });

    const { ask } = await start(
      root,
      {
        handler: "/opt/nodejs/node_modules/monitor/handler.handler",
        layers: ["layer"],
        environment: { WRAPPED_HANDLER: "app" },
      },
      runtime,
    );

    expect(await ask()).toBe("around inner");
  },
);

test("a handler below /opt that no layer has is a fault that names the layers", async () => {
  const root = makeLayered({ "layer/nodejs/other.js": AROUND });
  const handler = "/opt/nodejs/monitor.handler";

  await expect(start(root, { handler, layers: ["layer"] })).rejects.toThrow(
    'Function "probe" has the handler /opt/nodejs/monitor.handler, but layer does not contain it. Add the layer to layers or correct the handler.',
  );
});

test("a wrapper may put a handler of its own around the function's", async () => {
  const root = makeLayered({
    "app.js": "exports.handler = async () => ({ statusCode: 200, body: 'inner' });",
    "layer/nodejs/monitor.js": AROUND,
    "layer/wrapper":
      '#!/bin/bash\nexport WRAPPED_HANDLER="${_HANDLER%.*}"\nexport _HANDLER=/opt/nodejs/monitor.handler\nexec "$@"\n',
  });
  const environment = { AWS_LAMBDA_EXEC_WRAPPER: "/opt/wrapper" };

  const { ask } = await start(root, { handler: "app.handler", layers: ["layer"], environment });

  expect(await ask()).toBe("around inner");
});

test.skipIf(withoutPython)(
  "a handler in Python may be that of a package in a layer",
  { tags: ["journey"] },
  async () => {
    const root = makeLayered({
      "layer/python/monitor/handler.py":
        'def handler(event, context): return {"statusCode": 200, "body": "from the layer"}',
    });

    const { ask } = await start(root, {
      handler: "monitor.handler.handler",
      runtime: "python3.11",
      layers: ["layer"],
    });

    expect(await ask()).toBe("from the layer");
  },
);

const canMount = ["--mount", "-Urm"].some(
  (how) =>
    spawnSync("unshare", [
      how,
      "mount",
      "-t",
      "overlay",
      "-o",
      "lowerdir=/usr:/opt",
      "overlay",
      "/opt",
    ]).status === 0,
);

test
  .skipIf(!canMount)
  .each([
    ["Node", "app.handler", "nodejs22.x"],
    ...(withoutPython ? [] : [["Python", "app.handler", "python3.11"] as const]),
  ] as const)(
  "%s reads what is in /opt, later layers first, as the user that it was",
  { tags: ["journey"] },
  async (_, handler, runtime) => {
    const root = makeLayered({
      "app.js": `const { readFileSync: read } = require("node:fs");
      exports.handler = async () => ({ statusCode: 200, body:
        [read("/opt/a", "utf8"), read("/opt/b", "utf8"), process.getuid()].join() });`,
      "app.py": `import os
def handler(event, context):
    return {"statusCode": 200, "body": ",".join([open("/opt/a").read(), open("/opt/b").read(), str(os.getuid())])}`,
      "one/a": "covered",
      "one/b": "of the first",
      "one/bin/tool": "",
      "two/a": "of the second",
      "two/bin/tool": "",
    });

    const { ask } = await start(root, { handler, runtime, layers: ["one", "two"] });

    expect(await ask()).toBe(`of the second,of the first,${process.getuid?.()}`);
  },
);

test("NODE_OPTIONS of a function counts, before what Lambda starts Node with", async () => {
  const { root } = makeProject({
    "hook.js": "process.env.HOOKED = 'hooked';",
    "app.js": `exports.handler = async () => ({ statusCode: 200, body:
      process.env.HOOKED + " " + Math.round(require("node:v8").getHeapStatistics().heap_size_limit / 2 ** 20) });`,
  });
  const NODE_OPTIONS =
    "--require /var/task/hook.js --max_old_space_size=400 --max-semi-space-size=8";

  const { ask } = await start(root, {
    handler: "app.handler",
    memory: 1024,
    environment: { NODE_OPTIONS },
  });

  const [hooked, limit] = (await ask()).split(" ");
  expect(hooked).toBe("hooked");
  expect(Number(limit)).toBeGreaterThanOrEqual(400);
  expect(Number(limit)).toBeLessThan(500);
});

test.each<[string, Runtime, FunctionDefinition, string]>([
  [
    "NODE_OPTIONS",
    "in-process",
    { handler: "app.handler" },
    `in the test's process. Start the gateway with runtime: "child-process".`,
  ],
  [
    "AWS_LAMBDA_EXEC_WRAPPER",
    "in-process",
    { handler: "app.handler" },
    `in the test's process. Start the gateway with runtime: "child-process".`,
  ],
  [
    "AWS_LAMBDA_EXEC_WRAPPER",
    "child-process",
    { handler: "bootstrap", runtime: "provided.al2023" },
    "with the runtime provided.al2023, as on AWS, unless its bootstrap runs it.",
  ],
  [
    "HTTPS_PROXY",
    "child-process",
    { handler: "bootstrap", runtime: "provided.al2023" },
    "here, because its connections go through wsgw's proxy and from there directly to their host.",
  ],
])("%s is a warning where it has no effect (%s)", async (name, runtime, fn, why) => {
  const root = makeLayered({ "app.js": WRAPPED, bootstrap: "#!/bin/sh" });

  const { warnings } = await start(root, { ...fn, environment: { [name]: "mine" } }, runtime);

  expect(warnings()).toEqual([`Function "probe" sets ${name}, which has no effect ${why}`]);
});

test.skipIf(withoutPython)(
  "PYTHONPATH of a function comes before its layers",
  { tags: ["journey"] },
  async () => {
    const root = makeLayered({
      "app.py": `import common, layered
def handler(event, context):
    return {"statusCode": 200, "body": common.WORD + ", " + layered.WORD}`,
      "lib/common.py": 'WORD = "own"',
      "layer/python/common.py": 'WORD = "covered"',
      "layer/python/layered.py": 'WORD = "layered"',
    });
    const environment = { PYTHONPATH: "/var/task/lib" };

    const { ask } = await start(root, { ...PYTHON, layers: ["layer"], environment });

    expect(await ask()).toBe("own, layered");
  },
);
