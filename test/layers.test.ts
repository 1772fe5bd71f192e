import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The subjects of the house, lowest first, each with what it may take from npm. A subject may import those before
 * it, types included.
 */
const SUBJECTS: readonly (readonly [subject: string, packages: RegExp])[] = [
  ["src/handlers", /^@aws-sdk\//],
  ["src/errors", /^$/],
  ["src/clock", /^$/],
  ["src/ids", /^$/],
  ["src/values", /^$/],
  ["src/definition", /^(valibot|ajv|ajv-draft-04)$/],
  ["src/processes", /^cross-spawn$/],
  ["src/project-directory", /^$/],
  ["src/bundle", /^(acorn|esbuild|es-module-lexer|cjs-module-lexer|get-tsconfig)$/],
  ["src/readers", /^(esbuild|fflate|yaml|smol-toml|get-tsconfig)$/],
  ["src/client", /^(ws|https-proxy-agent|proxy-from-env)$/],
  ["src/emulator/journal", /^$/],
  ["src/emulator/iam", /^$/],
  ["src/emulator/network", /^express$/],
  ["src/emulator/tokens", /^$/],
  ["src/emulator/dynamodb", /^(dynalite|express|@aws-sdk\/.+)$/],
  ["src/emulator/lambda", /^$/],
  ["src/emulator/apigateway", /^(ws|express)$/],
  ["src/emulator/control", /^express$/],
  ["src/emulator", /^express$/],
  ["src/doctor", /^$/],
  ["src/deploy", /^(esbuild|fflate|@aws-sdk\/.+|@smithy\/.+)$/],
  ["src/describe", /^$/],
  ["src/testing", /^vitest$/], // the runner whose matchers wsgw/testing/vitest registers
  ["src/index", /^$/],
  ["src/app", /^$/],
  ["cli", /^(yargs|yargs\/.+|chalk|@aws-lambda-powertools\/jmespath|package\.json)$/],
];

/** What rules may load of Node: nothing that reads or writes. */
/** Of `net` what computes with addresses: isIP, BlockList; of `vm` what bounds the time of a computation. */
const PURE = /^node:(crypto|buffer|net|vm)$/;

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

const files = ["src", "cli"].flatMap((directory) =>
  readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(directory, name)),
);
const imports = files.flatMap(importsOf);
const inside = imports.filter(({ to }) => /^(src|cli)\//.test(to));
const outside = imports.filter(({ to, typeOnly }) => !typeOnly && !/^(src|cli)\//.test(to));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const statements = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;"']*?from\s+["']([^"']+)["']/g),
    ...text.matchAll(/(?:^|\n)\s*import\s+()["']([^"']+)["']/g),
    ...text.matchAll(/\bimport\(\s*()["']([^"']+)["']/g),
  ];
  return statements.map((match) => {
    const specifier = match[2] ?? "";
    const to = specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier;
    return { from: file, to, typeOnly: match[1] !== undefined && match[1] !== "" };
  });
}

/** The place of a file's subject in the order; -1 when it has none. */
function rank(file: string): number {
  const place = (subject: string) => file.startsWith(`${subject}/`) || file === `${subject}.ts`;
  return SUBJECTS.reduce(
    (found, [subject], at) =>
      place(subject) && subject.length > (SUBJECTS[found]?.[0].length ?? 0) ? at : found,
    -1,
  );
}

test("every source file belongs to a subject", () => {
  expect(files.filter((file) => rank(file) === -1)).toEqual([]);
  expect(files.length).toBeGreaterThan(300);
});

test("the tree in ARCHITECTURE.md names every directory of the source", () => {
  const tree = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").split("```")[1] ?? "";
  const directories = new Set(files.map((file) => `${basename(dirname(file))}/`));

  expect([...directories].filter((directory) => !tree.includes(directory))).toEqual([]);
});

test("each subject imports only subjects before it, types included", () => {
  expect(inside.filter(({ from, to }) => rank(to) > rank(from))).toEqual([]);
});

test("rules do no I/O: they import rules, the definition and errors", () => {
  const isPure = (file: string) =>
    /\/rules\/|^src\/(definition|errors|values)[/.]|^src\/(deploy\/template|describe)\//.test(file);
  const breaches = [
    ...inside.filter(({ to, typeOnly }) => !typeOnly && !isPure(to)),
    ...outside.filter(({ to }) => !PURE.test(to)),
  ].filter(({ from }) => /\/rules\//.test(from));

  expect(breaches).toEqual([]);
});

test("each subject loads only the packages that it may", () => {
  const breaches = outside.filter(
    ({ from, to }) =>
      !/^(node:|#)/.test(to) &&
      !SUBJECTS[rank(from)]?.[1].test(to) &&
      !(isFacts(from) && to === "valibot"),
  );

  expect(breaches).toEqual([]);
});

test("descriptions of facts import nothing but valibot and each other, and nothing loads them", () => {
  const loaded = imports.filter(({ typeOnly }) => !typeOnly);
  const breaches = loaded.filter(
    ({ from, to }) => isFacts(from) !== isFacts(to) && !(isFacts(from) && to === "valibot"),
  );

  expect(breaches).toEqual([]);
});

/** What happens, described by subject; the composition names them all. */
function isFacts(file: string): boolean {
  return /^src\/emulator\/(\w+\/)?facts\.ts$/.test(file);
}

test("the command line imports nothing of src but app.ts and values/, and nothing else imports app.ts", () => {
  const breaches = inside.filter(({ from, to }) =>
    from.startsWith("cli/") ? /^src\/(?!values\/|app\.ts$)/.test(to) : to === "src/app.ts",
  );

  expect(breaches).toEqual([]);
});

test("no import runs in a circle, types included", () => {
  const edges = new Map<string, string[]>();
  for (const { from, to } of inside) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" > "));
    if (done.has(file) || path.includes(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);

  expect(circles).toEqual([]);
});

test("scenarios import nothing of the product but wsgw/testing", () => {
  const directory = join(root, "test/scenarios");
  const breaches = readdirSync(directory, { encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => importsOf(relative(root, join(directory, name))))
    .filter(({ to }) => /^(src|cli)\//.test(to) && !/^src\/testing\/(index|vitest)\.ts$/.test(to));

  expect(breaches).toEqual([]);
});
