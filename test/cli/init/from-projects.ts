import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, vi } from "vitest";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { runMain } from "../run-main.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function copyOf(name: string): string {
  vi.stubEnv("XDG_CACHE_HOME", temporaryDirectory());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const cwd = join(temporaryDirectory(), name);
  cpSync(join(root, "fixtures/projects", name), cwd, { recursive: true });
  return cwd;
}

/** What wsgw makes of its own for a role, what the config file leaves out, and names that depend on the stack's. */
const APART = new Set([
  ...["permissions", "managedPolicies", "unknownRole", "url", "undeployable"],
  ...["triggers", "httpApis", "notServed", "unservedTables", "failsOnAws"],
]);

async function described(cwd: string, options: readonly string[]): Promise<object> {
  const { exitCode, out } = await runMain(["describe", "--format", "json", ...options], { cwd });
  expect(exitCode).toBe(0);
  const { name: _, ...rest } = JSON.parse(out, (key, value) =>
    APART.has(key) ? undefined : value,
  );
  return rest;
}

/**
 * Code of the template itself and of zip files has a directory of its own afterwards; layers are named by their
 * directories.
 */
const withoutPlaces = (json: object): unknown =>
  JSON.parse(JSON.stringify(json), (key, value) => {
    if (key === "handler") return /[^/ ]+(?= in the inline|$)/.exec(value)?.[0];
    return typeof value === "string" ? value.replace(/^\w+Layer \((.+)\)$/, "$1") : value;
  });

/** Expects that the config file of `init --from` is formatted, and describes what the project does. */
export async function expectTheSame(name: string, from: string): Promise<void> {
  const cwd = copyOf(name);
  const before = await described(cwd, ["-t", from]);

  const { exitCode, err } = await runMain(["init", "--from", from], { cwd });

  expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
  const config = join(cwd, from, "../wsgw.config.ts");
  expect(withoutPlaces(await described(cwd, ["-c", config]))).toEqual(withoutPlaces(before));
  const text = readFileSync(config, "utf8");
  const biome = join(root, "node_modules/.bin/biome");
  const stdin = ["format", "--stdin-file-path=wsgw.config.ts"];
  expect(execFileSync(biome, stdin, { cwd: root, input: text, encoding: "utf8" })).toBe(text);
}
