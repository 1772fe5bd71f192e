import { Writable } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { main } from "../../../cli/main.ts";
import { VERSION } from "../../../cli/version.ts";
import type { DevSession } from "../../../src/app.ts";
import type { Fact } from "../../../src/emulator/facts.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import { CONFIG_SOURCE } from "../../../src/readers/loaded-definition.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { projectWith } from "../api-fixture.ts";
import { fakeIo } from "../fake-io.ts";

const AT = new Date(2026, 0, 31, 20, 31, 7, 45).getTime();

const NODE = process.versions.node;
/** What the banner says where the Node that runs the tests is not that of the functions' runtime. */
const OTHER_NODE = NODE.startsWith("24.")
  ? ""
  : `  ! All functions: nodejs24.x on AWS, Node ${NODE} here\n`;

const URLS = {
  url: "ws://localhost:3001/v1",
  secureUrl: "wss://localhost:3001/v1",
  managementUrl: "http://localhost:3001/v1",
};

const CHAT = {
  name: "chat",
  id: "abcdef1234",
  domainName: "abcdef1234.execute-api.us-east-1.amazonaws.com",
  routes: [
    { routeKey: "$connect", function: "connect" },
    { routeKey: "sendmessage", function: "sendmessage" },
    { routeKey: "echo", function: "other" },
  ],
  stages: [{ name: "v1", ...URLS }],
};

const FUNCTIONS = [
  { name: "connect", runnable: true },
  { name: "other", runnable: false, because: "other.ts:1:1: Unexpected" },
];

/** A made-up session, and the options that it was started with but for `report` and `signal`. */
function session(over: Partial<DevSession> = {}) {
  const journal = createJournal<Fact>(() => AT);
  const started: unknown[] = [];
  let stops = 0;
  const value = {
    ...URLS,
    dynamodbEndpoint: "http://127.0.0.1:8000",
    host: "127.0.0.1",
    port: 3001,
    region: "us-east-1",
    project: projectWith("$connect", "sendmessage", "echo"),
    apis: [CHAT],
    functions: FUNCTIONS,
    credentials: { accessKeyId: "AK", secretAccessKey: "SK" },
    configFile: "/project/wsgw.config.ts",
    source: CONFIG_SOURCE,
    journal,
    stop: async () => {
      stops += 1;
    },
    ...over,
  } as DevSession;
  const startDev = async ({ report: _, signal: __, ...options }: Record<string, unknown>) => {
    started.push(options);
    return value;
  };
  return { journal, started, stops: () => stops, app: { startDev } };
}

test("shows where the gateway is, what it serves and how to talk to it", async () => {
  const { app } = session();
  const io = fakeIo({ app });
  const exited = main(["dev"], io);
  await io.shows(/Ctrl-C stops/);

  expect(io.out()).toBe(`
  wsgw ${VERSION}  chat stage v1, routes by $request.body.message

  WebSocket     ws://localhost:3001/v1  or  wss://localhost:3001/v1
  @connections  http://localhost:3001/v1
  Domain name   abcdef1234.execute-api.us-east-1.amazonaws.com  in events; other programs use the URLs above
  DynamoDB      http://127.0.0.1:8000
  Table         chat-connections
  Node          ${NODE}
  Routes
    $connect     connect      src/connect.handler
    sendmessage  sendmessage  src/sendmessage.handler
    echo         other        src/other.handler  two-way

${OTHER_NODE === "" ? "" : `${OTHER_NODE}\n`}  Talk to it from another terminal: npx wsgw send
  Handlers are live when you save them. Ctrl-C stops.

`);
  io.signal();
  expect(await exited).toBe(0);
});

test("5: shows the values of the API keys that wsgw has made, and no others", async () => {
  const key = { description: undefined, enabled: true, isMadeHere: true };
  const project = {
    ...projectWith("$connect"),
    apiKeys: {
      web: { ...key, name: "web", value: "w".repeat(40) },
      app: { ...key, name: "app", value: "secret", isMadeHere: false },
      old: { ...key, name: "old", value: "o".repeat(40), enabled: false },
    },
  };
  const { app } = session({ project });
  const io = fakeIo({ app });
  const exited = main(["dev"], io);
  await io.shows(/Ctrl-C stops/);
  io.signal();
  await exited;

  expect(io.out()).toContain(`\n  API key       web  ${"w".repeat(40)}\n\n`);
  expect(io.out()).not.toMatch(/secret|ooo/);
});

test("passes on the port of the DynamoDB", async () => {
  const { app, started } = session();
  const io = fakeIo({ app });
  const exited = main(["dev", "--dynamodb-port", "8000"], io);
  await io.shows(/Ctrl-C stops/);
  io.signal();
  await exited;

  expect(started).toEqual([{ cwd: "/project", dynamodbPort: 8000 }]);
});

test("hands the options over as they were given, and leaves out the others", async () => {
  const { app, started } = session();
  const io = fakeIo({ app });
  const argv =
    "dev -c a.ts --port 0 --host ::1 --public-host auto --data d --env-file .env --dynamodb-endpoint http://x --allow-aws --permissions warn --strict --environments 4 --keep-environments 1 --growth-delay 0";
  const exited = main(argv.split(" "), io);
  await io.shows(/Ctrl-C stops/);
  io.signal();
  await exited;

  const bare = fakeIo({ app });
  const bareExited = main(["dev"], bare);
  await bare.shows(/Ctrl-C stops/);
  bare.signal();
  await bareExited;

  expect(started).toEqual([
    {
      cwd: "/project",
      config: "a.ts",
      port: 0,
      host: "::1",
      publicHost: "auto",
      dataDir: "d",
      envFile: ".env",
      dynamodbEndpoint: "http://x",
      allowAws: true,
      permissions: "warn",
      strict: true,
      environments: { maxEnvironments: 4, keep: 1, growthDelayMs: 0 },
    },
    { cwd: "/project" },
  ]);
});

/** A terminal of 80 columns, and what it was written. */
function terminal() {
  let written = "";
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  return { stdout: Object.assign(stdout, { isTTY: true, columns: 80 }), text: () => written };
}

/** What `wsgw dev` prints at a terminal until it is stopped. */
async function atTerminal(over: Partial<DevSession>): Promise<string> {
  const { app } = session(over);
  const { stdout, text } = terminal();
  const io = fakeIo({ app, stdout, env: { NO_COLOR: "1" } });
  const exited = main(["dev"], io);
  await vi.waitFor(() => expect(text()).toContain("Ctrl-C stops"));
  io.signal();
  await exited;
  return text();
}

test("explains the marks of its log at the first start of a project, and not again", async () => {
  const stateDir = temporaryDirectory();

  expect(await atTerminal({ stateDir })).toContain("\n  The log:\n    #1 #2  clients by number");
  expect(await atTerminal({ stateDir })).not.toContain("The log:");
});

test("keeps what it prints at the start within 80 columns", async () => {
  const lines = (await atTerminal({ stateDir: temporaryDirectory(), host: "0.0.0.0" })).split("\n");

  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.some((line) => /^ {16}\S.* the URLs above$/.test(line))).toBe(true);
});

test.each([
  ["0.0.0.0", "on every address of this machine"],
  ["192.168.1.5", "on 192.168.1.5"],
])("warns when it listens on %s, even when it is quiet", async (host, where) => {
  const { app } = session({ host });
  const io = fakeIo({ app });
  const exited = main(["dev", "--quiet"], io);
  await io.shows(/run your handlers/);
  io.signal();
  await exited;

  expect(io.out()).toBe(
    `  ! It listens ${where}, port 3001.\n    Every machine that reaches it can connect and run your handlers.\n    @connections takes only keys of this machine; tables and endpoints answer only this machine.\n`,
  );
});

test("tells what of a template does not run here, and why that file was taken", async () => {
  const source: DevSession["source"] = {
    kind: "sam",
    remarks: ["template.yaml is the only file here that defines a WebSocket API."],
    triggers: [
      { kind: "queue", from: "Jobs", function: "work" },
      { kind: "stream", from: "Rooms", function: "work" },
      { kind: "schedule", from: "Daily", function: "Report" },
      { kind: "schedule", from: "Nightly", function: "Clean" },
    ],
    httpApis: [],
    notServed: [
      { what: "API key", of: "route send of ChatApi", at: "template.yaml:12:3" },
      { what: "integration SNS", of: "route news of ChatApi", at: undefined },
    ],
    unserved: [
      { key: "Report", name: "s-Report", why: "has its code in S3 (b/report.zip)", isInS3: true },
      { key: "Clean", name: "s-Clean", why: "has its code in S3 (b/clean.zip)", isInS3: true },
      { key: "Image", name: "s-Image", why: "is a container image", isInS3: false },
    ],
  };
  const { app } = session({ source, configFile: "/project/template.yaml" });
  const io = fakeIo({ app });
  const exited = main(["dev"], io);
  await io.shows(/Ctrl-C stops/);

  expect(io.out()).toContain(`
  ! not delivered locally yet: queue Jobs, stream Rooms; \`wsgw invoke work --event FILE\` runs them
  ! not emulated yet: API key of route send of ChatApi, template.yaml:12:3
  ! not emulated yet: integration SNS of route news of ChatApi
  ! not delivered locally yet: schedule Daily, schedule Nightly; Report has its code in S3 (b/report.zip), Clean has its code in S3 (b/clean.zip)
  ! code in S3, which wsgw does not download: functions Report, Clean. Set the directory of the code in wsgw.config.ts: fromTemplate("TEMPLATE", { functions: { Report: { root: "DIRECTORY" } } }).
${OTHER_NODE}
  template.yaml is the only file here that defines a WebSocket API.

  Talk to it`);
  io.signal();
  await exited;
});

test.each<[string, readonly string[], object, boolean]>([
  ["--access-log prints the lines", ["--access-log"], { logsRequests: true }, true],
  [
    "--access-log FILE prints none",
    ["--access-log", "a.log", "--metrics"],
    { logsRequests: true, accessLogFile: "a.log", metrics: true },
    false,
  ],
  [
    "--execution-log FILE prints none",
    ["--execution-log", "e.log"],
    { logsExecution: true, executionLogFile: "e.log" },
    false,
  ],
  ["without it none are printed", [], {}, false],
])("%s of access logs", async (_, options, passed, isPrinted) => {
  const { app, journal, started } = session();
  const io = fakeIo({ app });
  const exited = main(["dev", ...options], io);
  await io.shows(/Ctrl-C stops/);

  const line = "abc= CONNECT 200";
  const place = { connectionId: undefined, api: "chat", stage: "v1" };
  journal.record({ type: "access.logged", ...place, line });
  journal.record({ type: "warning", message: "later" });
  await io.shows(/later/);

  expect(io.out().includes("access abc= CONNECT 200")).toBe(isPrinted);
  expect(started).toEqual([{ cwd: "/project", ...passed }]);
  io.signal();
  await exited;
});

test("--execution-log prints the lines of execution logs", async () => {
  const { app, journal, started } = session();
  const io = fakeIo({ app });
  const exited = main(["dev", "--execution-log"], io);
  await io.shows(/Ctrl-C stops/);

  const place = { connectionId: undefined, api: "chat", stage: "v1", requestId: "abc=" };
  const log = { logGroup: "/aws/apigateway/a1/v1", logStream: "0f" };
  journal.record({ type: "execution.logged", ...place, ...log, line: "(abc=) Starting" });
  await io.shows(/execution \(abc=\) Starting/);

  expect(started).toEqual([{ cwd: "/project", logsExecution: true }]);
  io.signal();
  await exited;
});

test("prints what was recorded before it was ready, and what follows", async () => {
  const { app, journal } = session();
  journal.record({ type: "warning", message: "early" });
  const io = fakeIo({ app });
  const exited = main(["dev"], io);
  await io.shows(/early/);

  journal.record({ type: "warning", message: "late" });
  await io.shows(/late/);

  expect(io.out().split("\n").slice(-3)).toEqual([
    "20:31:07.045         ! early",
    "20:31:07.045         ! late",
    "",
  ]);
  io.signal();
  await exited;
});

test("--json prints one ready line, then facts as JSON lines, and nothing else", async () => {
  const { app, journal } = session();
  const io = fakeIo({ app });
  const exited = main(["dev", "--json"], io);
  await io.shows(/ready/);
  journal.record({ type: "warning", message: "beware" });
  io.signal();
  await exited;

  const lines = io.out().trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      type: "ready",
      version: 1,
      project: "chat",
      region: "us-east-1",
      ...URLS,
      dynamodbEndpoint: "http://127.0.0.1:8000",
      stage: "v1",
      routes: CHAT.routes,
      tables: ["chat-connections"],
      apis: [CHAT],
      source: { kind: "config", file: "/project/wsgw.config.ts" },
      notServed: [],
      triggers: [],
      httpApis: [],
      functions: FUNCTIONS,
      host: "127.0.0.1",
      port: 3001,
      credentials: { accessKeyId: "AK", secretAccessKey: "SK" },
      configFile: "/project/wsgw.config.ts",
      pid: process.pid,
    },
    { seq: 1, id: 1, at: AT, type: "warning", message: "beware" },
  ]);
});

test("a signal stops the session, tells what happens meanwhile, and exits with 0", async () => {
  const fake = session();
  const { app, journal } = fake;
  const started = await app.startDev({});
  const stop = async () => {
    journal.record({ type: "warning", message: "closing" });
    await started.stop();
  };
  const io = fakeIo({ app: { startDev: async () => ({ ...started, stop }) } });
  const exited = main(["dev"], io);
  await io.shows(/Ctrl-C stops/);

  io.signal();

  expect(await exited).toBe(0);
  expect(fake.stops()).toBe(1);
  expect(io.out()).toMatch(
    /\n\nStopping\. Press Ctrl-C again to stop at once\.\n20:31:07\.045 {9}! closing\nStopped\.\n$/,
  );
  expect(io.kills).toEqual([]);
});

test("a signal that comes while it starts stops it as soon as it has started", async () => {
  const fake = session();
  const io = fakeIo({
    app: {
      startDev: async () => {
        io.signal();
        return fake.app.startDev({});
      },
    },
  });

  expect(await main(["dev"], io)).toBe(0);
  expect(fake.stops()).toBe(1);
});

/** A session that runs, and does not stop before it is released. */
async function slowToStop() {
  let release = () => {};
  const stopping = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { app } = session({ stop: () => stopping });
  const io = fakeIo({ app });
  const exited = main(["dev"], io);
  await io.shows(/Ctrl-C stops/);
  return { io, exited, release };
}

test("the second of two signals at once is the same wish; a later one ends it the hard way", async () => {
  const now = vi.spyOn(performance, "now");
  onTestFinished(() => now.mockRestore());
  now.mockReturnValue(1000);
  const { io, exited, release } = await slowToStop();

  io.signal();
  io.signal();
  expect(io.kills).toEqual([]);
  now.mockReturnValue(2000);
  io.signal();
  expect(io.kills).toEqual([1]);

  now.mockRestore();
  release();
  await exited;
});

test("ends the hard way when stopping takes more than ten seconds", async () => {
  const { io, exited, release } = await slowToStop();

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  io.signal();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(io.kills).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  vi.useRealTimers();

  expect(io.kills).toEqual([1]);
  expect(io.err()).toBe(
    "Some handlers or connections did not end within 10 s. wsgw stops without them.\n",
  );
  release();
  await exited;
});

test("once it has stopped nothing ends it the hard way", async () => {
  const { io, exited, release } = await slowToStop();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  io.signal();
  await vi.advanceTimersByTimeAsync(1);

  release();
  await exited;
  await vi.advanceTimersByTimeAsync(10_000);

  expect(io.kills).toEqual([]);
  expect(io.listening()).toBe(0);
});

test("each handler that ends while it stops puts the hard end off", async () => {
  const { app, journal } = session({ stop: () => new Promise(() => {}) });
  const io = fakeIo({ app });
  void main(["dev"], io);
  await io.shows(/Ctrl-C stops/);

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  io.signal();
  await vi.advanceTimersByTimeAsync(9_999);
  journal.record({
    type: "function.ended",
    functionName: "disconnect",
    awsRequestId: "a",
    requestId: "r",
    connectionId: "c",
    outcome: { kind: "returned", payload: "null" },
    durationMs: 1,
    initMs: undefined,
    handlerMs: 1,
    maxMemoryMb: undefined,
  });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(io.kills).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);

  expect(io.kills).toEqual([1]);
});

test("stops without a message when the reader of its output has left", async () => {
  const fake = session();
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  const io = fakeIo({ app: fake.app, stdout });

  expect(await main(["dev", "--json"], io)).toBe(0);
  expect(fake.stops()).toBe(1);
  expect(io.err()).toBe("");
});
