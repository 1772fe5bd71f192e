import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type BuildAim,
  type Bundle,
  createBundler,
  type HandlerCode,
} from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import type { EsbuildSettings } from "../../src/definition/project.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Makes a project of these files, which goes away with the test. */
export function makeProject(files: Readonly<Record<string, string>>) {
  const root = temporaryDirectory();
  writeFiles(root, files);
  return { root, write: (name: string, text: string) => writeFileAt(root, name, text) };
}

/** Writes files by their paths in `root`. */
export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileAt(root, name, text);
}

function writeFileAt(root: string, name: string, text: string): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Builds handlers of a project. The bundler stays open for the next build until the test ends. */
export function bundlerFor(
  root: string,
  purpose: BuildAim["purpose"] = "child-process",
  settings: Partial<EsbuildSettings> = {},
) {
  const bundler = createBundler(
    purpose === "deploy"
      ? { root, purpose, target: "node20", nodeModules: new Set() }
      : { root, purpose },
  );
  onTestFinished(() => bundler.stop());
  return async (...handlers: string[]): Promise<Bundle> => {
    const found = findHandlers(
      root,
      handlers.map((handler) => ({ name: handler, handler })),
    );
    if (found.faults.length > 0) throw new Error(found.faults.join("\n"));
    return bundler.build(found.handlers, { loader: {}, define: {}, plugins: [], ...settings });
  };
}

/** The code of the one handler that was built. */
export function only(bundle: Bundle): HandlerCode {
  if (bundle.kind === "failed") throw new Error(JSON.stringify(bundle.failures));
  const [code] = bundle.code.values();
  if (code === undefined) throw new Error("Nothing was built.");
  return code;
}
