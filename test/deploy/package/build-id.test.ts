import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findBuildId } from "../../../src/deploy/package/build-id.ts";
import { makeProject } from "../../bundle/project.ts";

const CODE = [
  { name: "b", sha256: "2" },
  { name: "a", sha256: "1" },
];

function repository() {
  const { root, write } = makeProject({ "app/app.js": "1", "app/.gitignore": "made\n" });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  return { root: join(root, "app"), write, commit: git("rev-parse", "HEAD") };
}

test("the build is named by the commit, and dirty as soon as a file differs from it", async () => {
  const { root, write, commit } = repository();
  expect(await findBuildId(root, CODE)).toBe(commit);

  write("app/made/x", "ignored by git");
  write("app/out/x.zip", "");
  expect(await findBuildId(root, CODE, [join(root, "out")])).toBe(commit);

  expect(await findBuildId(root, CODE)).toBe(`${commit}-dirty`);
});

test("a change next to the project marks it as dirty too, because code may come from there", async () => {
  const { root, write, commit } = repository();

  write("shared.js", "2");

  expect(await findBuildId(root, CODE)).toBe(`${commit}-dirty`);
});

test("without git, or a commit, the build is named by the code", async () => {
  const { root } = makeProject({ "app.js": "1" });
  const before = await findBuildId(root, CODE);
  execFileSync("git", ["init", "-q"], { cwd: root });

  expect(before).toMatch(/^content-[0-9a-f]{40}$/);
  expect(await findBuildId(root, [...CODE].reverse())).toBe(before);
  expect(await findBuildId(root, CODE.slice(1))).not.toBe(before);
});
