import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { filesBelow } from "../../src/bundle/directory-files.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { makeProject } from "./project.ts";

test("does not follow printed, compiled, installed or hidden files", () => {
  const directory = temporaryDirectory();
  const files = ["app.py", "data/words.txt", "dev.log", "data/app.pyc", ".env", "venv/pip.py"];
  for (const file of files) {
    mkdirSync(join(directory, file, ".."), { recursive: true });
    writeFileSync(join(directory, file), "");
  }

  expect(filesBelow(directory).map((file) => relative(directory, file))).toEqual([
    "app.py",
    join("data", "words.txt"),
  ]);
});

test("does not follow the file that this process prints to, whatever its name", () => {
  const { root } = makeProject({ "app.py": "", "copy.txt": "out" });
  const script = join(temporaryDirectory(), "print.cjs");
  buildSync({
    stdin: {
      contents: `import { filesBelow } from "./directory-files.ts"; console.log(filesBelow(process.argv[2]).join());`,
      resolveDir: fileURLToPath(new URL("../../src/bundle", import.meta.url)),
    },
    bundle: true,
    platform: "node",
    outfile: script,
  });
  const files = (stdout: number, stderr: number) =>
    spawnSync(process.execPath, [script, root], { stdio: ["ignore", stdout, stderr] });
  const opened = (name: string) => openSync(join(root, name), "a");
  const [out, copy] = [opened("out.txt"), opened("copy.txt")];
  onTestFinished(() => {
    for (const descriptor of [out, copy]) closeSync(descriptor);
  });

  files(out, out);
  files(copy, out);

  expect(readFileSync(join(root, "out.txt"), "utf8")).toBe(
    `${join(root, "app.py")},${join(root, "copy.txt")}\n`,
  );
  expect(readFileSync(join(root, "copy.txt"), "utf8")).toBe(`out${join(root, "app.py")}\n`);
});
