import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createClock } from "../../../src/clock.ts";
import { type EmulatorOptions, startEmulator } from "../../../src/emulator/emulator.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import type { LambdaFact } from "../../../src/emulator/lambda/facts.ts";
import { createLambda } from "../../../src/emulator/lambda/lambda.ts";
import type { NetworkFact } from "../../../src/emulator/network/facts.ts";
import { createIds } from "../../../src/ids.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild } from "../../contracts/lambda-setup.ts";
import { plainSpec } from "./plain-spec.ts";

beforeAll(buildLambdaChild);

const HANDLER = `type Event = { what: string };
function fail(what: string): never {
  throw new TypeError(what);
}
export const handler = async ({ what }: Event): Promise<object> => {
  try { fail("logged"); } catch (error) { console.error(error); }
  if (what === "throw") fail("thrown");
  return { statusCode: 200 };
};
`;

async function invoke(options: Partial<EmulatorOptions>, files: Record<string, string>) {
  const { root: around } = makeProject(
    Object.fromEntries(
      Object.entries({ "src/app.ts": HANDLER, ...files }).map(([name, text]) => [
        `my project/${name}`,
        text,
      ]),
    ),
  );
  const root = `${around}/my project`;
  const emulator = await startEmulator({
    root,
    port: 0,
    definition: {
      name: "maps",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { all: { handler: "src/app.handler", memory: 128, timeout: 20 } },
      routes: { $default: { function: "all" } },
    },
    ...options,
  });
  onTestFinished(() => emulator.stop());
  const outcome = await emulator.invoke("all", { what: "throw" });
  const logs = emulator.journal
    .entries()
    .flatMap((entry) => (entry.type === "function.logged" ? entry.text : []));
  return { root, outcome, logs: logs.join("") };
}

test.each([
  ["child-process", "commonjs"],
  ["child-process", "module"],
  ["in-process", "commonjs"],
] as const)(
  "stacks of failures and of logged errors name the author's lines: %s, %s",
  async (runtime, type) => {
    const { root, outcome, logs } = await invoke(
      { runtime },
      { "package.json": JSON.stringify({ type }) },
    );

    const file = `${root}/src/app.ts`;
    expect(outcome).toMatchObject({ errorType: "TypeError", errorMessage: "thrown" });
    const { trace } = outcome as Extract<typeof outcome, { kind: "failed" }>;
    expect(trace.slice(0, 3)).toEqual([
      "TypeError: thrown",
      `    at fail (${file}:3:9)`,
      expect.stringContaining(`(${file}:7:25)`),
    ]);
    expect(logs).toContain(`at fail (${file}:3:9)`);
    expect(logs).toContain(`${file}:6:9`);
  },
);

test("a function of 128 MB runs a bundle whose map alone would not fit into it", {
  tags: ["journey"],
}, async () => {
  const many = Array.from({ length: 60_000 }, (_, n) => `  k${n}: { a: ${n}, b: [${n}, "text"] },`);
  const { outcome, root } = await invoke(
    { runtime: "child-process" },
    {
      "package.json": "{}",
      "src/big.ts": `export const big: Record<string, unknown> = {\n${many.join("\n")}\n};\n`,
      "src/app.ts": `import { big } from "./big.ts";\n${HANDLER}export const size = Object.keys(big).length;\n`,
    },
  );

  expect(outcome).toMatchObject({ kind: "failed", errorType: "TypeError" });
  const { trace } = outcome as Extract<typeof outcome, { kind: "failed" }>;
  expect(trace[1]).toBe(`    at fail (${root}/src/app.ts:4:9)`);
});

test("the environments of a function read its map once, and again when the code is new", async () => {
  const { root, write } = makeProject({});
  const file = `${root}/built.js`;
  const mapTo = (source: string) => {
    const map = { version: 3, sources: [source], names: [], mappings: "AAAA" };
    write("built.js.map", JSON.stringify(map));
  };
  const clock = createClock();
  const journal = createJournal<LambdaFact | NetworkFact>(clock.now);
  const spec = { ...plainSpec(file), code: { ...plainSpec(file).code, sourceMaps: true } };
  const lambda = createLambda({
    functions: [spec],
    ...{ clock, journal, ids: createIds(clock) },
    start: (_, report) => ({
      run() {
        const trace = ["Error: no", `    at handler (${file}:1:1)`];
        const error = { errorType: "Error", errorMessage: "no", trace };
        const text = `failed at ${file}:1:1 and ${file}.other`;
        report({ kind: "logged", awsRequestId: undefined, stream: "stdout", text });
        report({ kind: "failed", error, leaving: true }); // so each event gets an environment of its own
      },
      stop: async () => {},
    }),
  });
  const place = async () => {
    const outcome = await lambda.invoke({ functionName: "probe", payload: {} });
    return outcome.kind === "failed" && outcome.trace[1];
  };

  mapTo("a.ts");
  expect(await place()).toBe(`    at handler (${root}/a.ts:1:1)`);
  mapTo("b.ts");
  expect(await place()).toBe(`    at handler (${root}/a.ts:1:1)`);
  expect(journal.entries().filter(({ type }) => type === "function.logged")).toMatchObject(
    Array(2).fill({ text: `failed at ${root}/a.ts:1:1 and ${file}.other` }),
  );
  lambda.replace([spec]);
  expect(await place()).toBe(`    at handler (${root}/b.ts:1:1)`);
});
