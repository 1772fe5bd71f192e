import { join } from "node:path";
import { makeProject } from "../bundle/project.ts";

/** A directory with these files, removed after the test. */
export function project(files: Readonly<Record<string, string>> = {}) {
  const made = makeProject(files);
  return { ...made, path: (name: string) => join(made.root, name) };
}
