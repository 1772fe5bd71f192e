import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../../src/readers/config/config-file.ts";
import { fieldOf } from "../../../src/values/json.ts";
import { isAlive } from "../../is-alive.ts";
import { project } from "../projects.ts";

const NAME = "wsgw.config.mjs";

function load(text: string, limits?: Parameters<typeof loadConfig>[0]["limits"]) {
  const { root, path } = project({ [NAME]: text });
  return { root, path, loaded: loadConfig({ cwd: root, limits }) };
}

async function messageOf(text: string, limits?: Parameters<typeof loadConfig>[0]["limits"]) {
  const { root, loaded } = load(text, limits);
  const error = await loaded.then(
    () => expect.unreachable("it is loaded"),
    (error: { code: string; message: string }) => error,
  );
  expect(error.code).toBe("CONFIG_UNREADABLE");
  return error.message.replaceAll(`${root}/`, "");
}

test.each([
  [
    "a timer that throws later",
    'setTimeout(() => { throw new Error("later"); }, 1); export default { name: "chat" };',
  ],
  ["an interval that never ends", 'setInterval(() => {}, 1); export default { name: "chat" };'],
  [
    "a process.exit() that comes later",
    'setTimeout(() => process.exit(1), 1); export default { name: "chat" };',
  ],
  [
    "fields for every object",
    `Object.assign(Object.prototype, { polluted: 1, get: 1, set: 1, value: 1, toJSON: () => 1, type: 1, cmd: 1 });
    Array.prototype.extra = 1;
    export default { name: "chat" };`,
  ],
  ["another working directory", 'process.chdir("/"); export default { name: "chat" };'],
  ["an object by a proxy", 'export default new Proxy({ name: "chat" }, {});'],
  ["an instance of a class", 'export default new (class { get name() { return "chat"; } })();'],
])(
  "a config that makes %s leaves this process as it is",
  { tags: ["journey"] },
  async (_, text) => {
    const before = process.cwd();

    expect((await load(text).loaded).definition).toEqual({ name: "chat" });

    expect("polluted" in {}).toBe(false);
    expect(process.cwd()).toBe(before);
  },
);

test.each([
  [
    "process.exit(3);",
    `${NAME}: the process that loads it exits with code 3 before there is a definition.`,
  ],
  [
    "process.exit();",
    `${NAME}: the process that loads it exits with code 0 before there is a definition.`,
  ],
  [
    'process.kill(process.pid, "SIGKILL"); await new Promise(() => setInterval(() => {}, 1));',
    `${NAME}: the process that loads it is ended by SIGKILL before there is a definition.`,
  ],
  [
    'setTimeout(() => { throw new Error("early"); }, 1);\nawait new Promise(() => setInterval(() => {}, 1));',
    `${NAME}:1:26: Error: early\n    setTimeout(() => { throw new Error("early"); }, 1);`,
  ],
  [
    'void Promise.reject(new Error("nobody"));\nawait new Promise(() => setInterval(() => {}, 1));',
    `${NAME}:1:21: Error: nobody\n    void Promise.reject(new Error("nobody"));`,
  ],
  ["await new Promise(() => {});", `${NAME}: a promise that it awaits or exports never settles.`],
  [
    'export default {\n  get name() { throw new Error("no name"); },\n};',
    `${NAME}:2:22: Error: no name\n    get name() { throw new Error("no name"); },`,
  ],
  [
    'export default new Proxy({}, {\n  ownKeys() { throw new TypeError("closed"); },\n});',
    `${NAME}:2:21: TypeError: closed\n    ownKeys() { throw new TypeError("closed"); },`,
  ],
  ["throw { toString() { throw 1; } };", `${NAME}: threw a value that cannot be printed`],
  ["throw Object.create(null);", `${NAME}: threw a value that cannot be printed`],
  ["throw Symbol('no');", `${NAME}: threw Symbol(no)`],
  ["throw undefined;", `${NAME}: threw undefined`],
])(
  "says clearly why nothing comes of a config: %s",
  { tags: ["journey"] },
  async (text, message) => {
    expect(await messageOf(text)).toBe(message);
  },
);

test.each(["while (true);", "await new Promise(() => setInterval(() => {}, 1));"])(
  "ends a load that takes too long: %s",
  async (text) => {
    expect(await messageOf(text, { limitMs: 1 })).toBe(
      `${NAME}: it does not finish loading within 0.001 s.`,
    );
  },
);

test("ends a load that is no longer needed, with the programs that the config started", async () => {
  const ending = new AbortController();
  const { loaded, path } = load(
    `import { spawn } from "node:child_process";
    import { writeFileSync } from "node:fs";
    const { pid } = spawn("sleep", ["60"], { stdio: "ignore" });
    writeFileSync(new URL("pids.json", import.meta.url), JSON.stringify([process.pid, pid]));
    while (true);`,
    { signal: ending.signal },
  );
  const pids = () => JSON.parse(readFileSync(path("pids.json"), "utf8"));
  await expect.poll(pids).toHaveLength(2);

  ending.abort();

  await expect(loaded).rejects.toThrow("its loading was stopped.");
  await expect.poll(() => pids().filter(isAlive)).toEqual([]);
});

test("functions that this process calls are loaded here, all others are not", async () => {
  const text = `globalThis.loadedHere = true;
    export default { name: "chat", hooks: { template: () => "ran" }, at: { class: class Own {}, symbol: Symbol("s") } };`;
  const { root, write } = project({ [NAME]: text });

  const { definition } = await loadConfig({ cwd: root });

  expect(Reflect.get(globalThis, "loadedHere")).toBeUndefined();
  expect(definition).toMatchObject({
    hooks: { template: expect.any(Function) },
    at: { class: expect.any(Function), symbol: expect.any(Symbol) },
  });

  const withHooks = await loadConfig({ cwd: root, runsHooks: true });
  write(NAME, 'export default { esbuild: { plugins: [{ name: "own", setup: () => "set up" }] } };');
  const withPlugins = await loadConfig({ cwd: root });

  Reflect.deleteProperty(globalThis, "loadedHere");
  expect(fieldOf(fieldOf(withHooks.definition, "hooks"), "template")).toSatisfy(
    (template: () => unknown) => template() === "ran",
  );
  expect(fieldOf(withPlugins.definition, "esbuild")).toMatchObject({
    plugins: [{ setup: expect.toSatisfy((setup: () => unknown) => setup() === "set up") }],
  });
});

test("a config sees the command line and the values that it shares", async () => {
  const { loaded } = load(
    "const shared = { a: 1 }; export default { argv: process.argv.slice(2), one: shared, two: shared, ['__proto__']: 5, date: new Date(0) };",
  );

  const { definition } = await loaded;

  expect(definition).toMatchObject({ argv: process.argv.slice(2), date: new Date(0) });
  expect(fieldOf(definition, "one")).toBe(fieldOf(definition, "two"));
  expect(Object.keys(Object(definition))).toContain("__proto__");
});
