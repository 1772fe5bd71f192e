import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The layers, lowest first: a file may import its own layer's allowance and nothing above it. */
const LAYERS = [
  { name: "handlers", files: /^src\/handlers\//, may: ["handlers"] },
  { name: "vocabulary", files: /^src\/((errors|api)\.ts|api\/|errors\/)/, may: ["vocabulary"] },
  {
    name: "rules",
    files: /^src\/(doctor\/rules\/|emulator\/rules\/|deploy\/(template|describe|rules\/))/,
    may: ["vocabulary", "rules", "port types"],
  },
  {
    name: "ports",
    files:
      /^src\/(journal|emulator\/(ports|clock|ids)|deploy\/(facts|ports|prepare-facts|timing))\.ts$/,
    may: ["vocabulary", "rules", "ports"],
  },
  {
    name: "gateway",
    files: /^src\/emulator\/(gateway|gateway-parts|handshakes|integrations|connections)\.ts$/,
    may: ["vocabulary", "rules", "ports", "gateway"],
  },
  {
    name: "adapters",
    files:
      /^src\/(doctor\/adapters\/|emulator\/(adapters|lambda)\/|sources\/|bundle|client(\.ts|\/)|control\/|project\/|running\.ts|deploy\/(package\/|stack))/,
    may: ["vocabulary", "rules", "ports", "adapters"],
  },
  {
    name: "composition",
    files:
      /^src\/(doctor\/compose-[a-z-]+|emulator\/(emulator|dev|compose-[a-z-]+)|deploy\/(check-loads|compose-[a-z-]+|deploy|destroy|diff|logs|noop|package-code|package-node|prepare|run-[a-z-]+|status))\.ts$/,
    may: ["vocabulary", "rules", "ports", "gateway", "adapters", "composition"],
  },
  {
    name: "entry",
    files: /^src\/(index\.ts|testing\/)/,
    may: ["vocabulary", "rules", "ports", "gateway", "adapters", "composition", "entry"],
  },
  { name: "cli", files: /^cli\//, may: ["cli", "entry"] },
] as const;

/** Packages that each layer may load; a `type` import of any package is free. */
const PACKAGES: Record<string, RegExp> = {
  handlers: /^@aws-sdk\//,
  vocabulary: /^$/,
  rules: /^node:(crypto|buffer)$/,
  ports: /^node:crypto$/,
  gateway: /^node:buffer$/,
  adapters: /./,
  composition: /^node:/,
  entry: /^(node:|vitest$)/, // for the runner whose matchers wsgw/testing/vitest registers
  cli: /^(node:|yargs|chalk|@aws-lambda-powertools\/jmespath$|package\.json$)/,
};

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

const files = ["src", "cli"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const imports = files.flatMap(importsOf);

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

function layerOf(file: string): string | undefined {
  return LAYERS.find((layer) => layer.files.test(file))?.name;
}

test("every source file stands in one layer of the house", () => {
  expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  expect(files.length).toBeGreaterThan(300);
});

test("the tree in ARCHITECTURE.md names every folder of the source", () => {
  const tree = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").split("```")[1] ?? "";
  const folders = new Set(files.map((file) => `${basename(dirname(file))}/`));

  expect([...folders].filter((folder) => !tree.includes(folder))).toEqual([]);
});

test("each layer imports only what the table of layers allows", () => {
  const breaches = imports
    .filter(({ to }) => to.startsWith("src/") || to.startsWith("cli/"))
    .filter(({ from, to, typeOnly }) => {
      const layer = LAYERS.find(({ files: pattern }) => pattern.test(from));
      const target = layerOf(to);
      const allowed: readonly string[] = layer?.may ?? [];
      if (target !== undefined && allowed.includes(target)) return false;
      return !(typeOnly && target === "ports" && allowed.includes("port types"));
    });

  expect(breaches).toEqual([]);
});

test("adapters import each other only inside one folder", () => {
  const room = (file: string) => (/^src\/[^/]+\.ts$/.test(file) ? file : dirname(file));
  const breaches = imports.filter(
    ({ from, to, typeOnly }) =>
      layerOf(from) === "adapters" &&
      layerOf(to) === "adapters" &&
      !typeOnly &&
      !room(from).startsWith(room(to)) &&
      !room(to).startsWith(room(from)),
  );

  expect(breaches).toEqual([]);
});

test("each layer loads only the packages that it may", () => {
  const breaches = imports
    .filter(({ to, typeOnly }) => !typeOnly && !to.startsWith("src/") && !to.startsWith("cli/"))
    .filter(({ from, to }) => PACKAGES[layerOf(from) ?? ""]?.test(to) !== true);

  expect(breaches).toEqual([]);
});

test("the command line imports nothing of the library but its entry", () => {
  const breaches = imports.filter(
    ({ from, to }) => from.startsWith("cli/") && to.startsWith("src/") && to !== "src/index.ts",
  );

  expect(breaches).toEqual([]);
});

test("no import runs in a circle", () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
  }
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
  const folder = join(root, "test/scenarios");
  const breaches = readdirSync(folder, { encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => importsOf(relative(root, join(folder, name))))
    .filter(({ to }) => /^(src|cli)\//.test(to) && !/^src\/testing\/(index|vitest)\.ts$/.test(to));

  expect(breaches).toEqual([]);
});
