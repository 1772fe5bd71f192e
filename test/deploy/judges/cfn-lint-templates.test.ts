import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readPlainTemplate } from "../../../src/deploy/package/package-template.ts";
import { localPaths } from "../../../src/deploy/rules/local-paths.ts";
import { writeDeployment } from "../../../src/deploy/runs/noop.ts";
import { formOf } from "../../../src/readers/find-definition.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { isInstalled } from "./judge.ts";

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL("../../../fixtures", import.meta.url));

/** The templates of people that the fixtures have; nested ones are sent with those that nest them. */
const templates = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /^(templates\/sam|projects)\/.*\.(ya?ml|json)$/.test(name))
  .filter((name) => !/\/(?:stacks|cdk\.out)\//.test(name))
  .filter((name) => /\bResources\b/.test(readFileSync(join(fixtures, name), "utf8")))
  .filter((name) => formOf(join(fixtures, name)) === "template")
  .sort();

/** A template with its directory, and made-up code where the fixtures have the template alone. */
function unpacked(name: string): string {
  const directory = temporaryDirectory();
  cpSync(join(fixtures, dirname(name)), directory, { recursive: true });
  const file = join(directory, basename(name));
  if (name.startsWith("templates/")) makeCode(file);
  return file;
}

function makeCode(template: string): void {
  const directory = dirname(template);
  const handlers = readFileSync(template, "utf8").matchAll(/"?Handler"?: "?(\w+)/g);
  const modules = [...new Set([...handlers].map(([, module = ""]) => module))];
  for (const { kind, path } of localPaths(readPlainTemplate(template, directory))) {
    const at = join(directory, path);
    mkdirSync(dirname(at), { recursive: true });
    if (path.endsWith(".zip")) writeFileSync(at, zipSync({ "made-up": strToU8("code") }));
    else if (kind === "template")
      writeFileSync(at, "Resources: { Topic: { Type: AWS::SNS::Topic } }");
    else if (extname(path) !== "") writeFileSync(at, "{}");
    else {
      mkdirSync(at, { recursive: true });
      for (const module of modules) {
        writeFileSync(join(at, `${module}.js`), "exports.handler = async () => ({});");
        for (const end of ["py", "rb"]) writeFileSync(join(at, `${module}.${end}`), "");
      }
      writeFileSync(join(at, "bootstrap"), "#!/bin/sh\n", { mode: 0o755 });
    }
  }
}

type Finding = {
  readonly Filename: string;
  readonly Level: string;
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
  readonly Rule: { readonly Id: string };
};

/** Whether AWS still takes a runtime changes with the calendar. */
const BY_CALENDAR = "E2533";

/** The errors in files: for each its rule, its place in the template and what it says. */
async function errorsOf(files: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const options = ["--ignore-checks", BY_CALENDAR, "--non-zero-exit-code", "none"];
  const args = [...options, "--format", "json", "--", ...files];
  const { stdout } = await run("cfn-lint", args, { maxBuffer: 64 * 1024 * 1024 });
  const errors = (JSON.parse(stdout) as readonly Finding[]).filter(
    ({ Level }) => Level === "Error",
  );
  return new Map(
    files.map((file) => [
      file,
      errors
        .filter(({ Filename }) => Filename === file)
        .map(
          ({ Rule, Location, Message }) =>
            `${Rule.Id} ${(Location.Path ?? []).join(".")} ${Message}`,
        ),
    ]),
  );
}

test.skipIf(!isInstalled("cfn-lint", "--version"))(
  "cfn-lint, where it is installed, finds no error in what is sent of a template that the template did not have",
  async () => {
    const pairs: { readonly name: string; readonly own: string; readonly sent: string }[] = [];
    for (const name of templates) {
      const own = unpacked(name);
      const out = temporaryDirectory();
      await writeDeployment({ cwd: dirname(own), template: basename(own), out });
      pairs.push({ name, own, sent: join(out, "template.json") });
    }
    const [{ sent = "" } = {}] = pairs;
    const broken = join(temporaryDirectory(), "broken.json");
    writeFileSync(broken, readFileSync(sent, "utf8").replace('"Resources":', '"Resourced":'));

    const files = [...pairs.flatMap((pair) => [pair.own, pair.sent]), broken];
    const errors = await errorsOf(files);

    const added = pairs.map(({ name, own, sent }) => {
      const before = new Set(errors.get(own));
      return [name, (errors.get(sent) ?? []).filter((error) => !before.has(error))];
    });
    expect(Object.fromEntries(added)).toEqual(
      Object.fromEntries(templates.map((name) => [name, []])),
    );
    expect(templates.length).toBeGreaterThan(25);
    expect(errors.get(broken)).not.toEqual([]);
  },
  300_000,
);
