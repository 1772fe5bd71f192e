import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProgramFinder, type ProgramRef } from "../../src/bundle/programs.ts";
import { versionWarnings } from "../../src/bundle/python-versions.ts";
import { lacksPython } from "../contracts/lambda-setup.ts";
import { makeProject } from "./project.ts";

const skipped = await lacksPython();

const find = (root: string, ref: Partial<ProgramRef>, without: readonly string[] = []) =>
  createProgramFinder(root, without).find([
    {
      name: "chat",
      handler: "bootstrap",
      runtime: "provided.al2023",
      code: undefined,
      command: undefined,
      ...ref,
    },
  ]);

function project(files: Record<string, string>, ...executables: string[]): string {
  const { root } = makeProject(files);
  for (const name of executables) chmodSync(join(root, name), 0o755);
  return root;
}

function onPath(directory: string): void {
  const { PATH, VIRTUAL_ENV } = process.env;
  onTestFinished(() => {
    process.env.PATH = PATH;
    if (VIRTUAL_ENV !== undefined) process.env.VIRTUAL_ENV = VIRTUAL_ENV;
  });
  process.env.PATH = directory;
  delete process.env.VIRTUAL_ENV;
}

/** Answers like an interpreter that is asked who it is. */
const fakePython = (path: string, version: string) => `#!/bin/sh\necho "${path} ${version}"\n`;

test.each([
  [
    "the folder of the definition",
    { bootstrap: "" },
    { handler: "list.all" },
    "bootstrap",
    "",
    "list.all",
  ],
  [
    "the folder in its handler",
    { "a/b/bootstrap": "" },
    { handler: "a/b/list.all" },
    "a/b/bootstrap",
    "a/b",
    "list.all",
  ],
  [
    "the folder that code names",
    { "a/bootstrap": "" },
    { code: "a", handler: "x/y" },
    "a/bootstrap",
    "a",
    "x/y",
  ],
  [
    "the file that a Go handler names",
    { "bin/main": "" },
    { runtime: "go1.x", handler: "bin/main" },
    "bin/main",
    "bin",
    "main",
  ],
] as const)("an executable is found in %s", async (_, files, ref, file, directory, handler) => {
  const root = project(files, file);

  const { programs, faults } = await find(root, ref);

  expect(faults).toEqual([]);
  expect(programs).toEqual([
    {
      functionName: "chat",
      command: [join(root, file)],
      directory: join(root, directory),
      handler,
      inputs: [join(root, file)],
    },
  ]);
});

test.each([
  [
    "is not there",
    { "a/other": "" },
    { handler: "a/bootstrap" },
    'Function "chat" runs a/bootstrap, which does not exist. Build it, or correct its path.',
  ],
  [
    "is not executable",
    { bootstrap: "" },
    {},
    'Function "chat" runs bootstrap, which is not executable. Run chmod +x bootstrap.',
  ],
  [
    "has no folder",
    {},
    { handler: "a/bootstrap" },
    'Function "chat" has its code in a, which is not a directory. Create it or correct the handler.',
  ],
  [
    "has no folder of that name",
    {},
    { code: "b" },
    'Function "chat" has its code in b, which is not a directory. Create it or correct the code.',
  ],
  [
    "is not on the PATH",
    {},
    { command: ["no-such-program", "x"] },
    'Function "chat" runs no-such-program, which is not on the PATH. Install it, or correct command.',
  ],
  [
    "is not below the code",
    {},
    { command: ["./run"] },
    'Function "chat" runs run, which does not exist. Build it, or correct its path.',
  ],
] as const)("a program that %s is a fault", async (_, files, ref, fault) => {
  const { programs, faults } = await find(project(files), ref);

  expect(programs).toEqual([]);
  expect(faults).toEqual([fault]);
});

test("finds a command on the PATH, or in the code directory", async () => {
  const root = project({ "a/run": "" }, "a/run");

  const named = await find(root, { code: "a", command: ["sh", "-c", "x"], runtime: "java21" });
  const below = await find(root, { code: "a", command: ["./run", "x"], runtime: "java21" });

  expect(named.programs[0]?.command).toEqual(["sh", "-c", "x"]);
  expect(below.programs[0]?.command).toEqual([join(root, "a/run"), "x"]);
});

test("a change in any file of the author's below the code counts", async () => {
  const root = project(
    {
      "chat/bootstrap": "",
      "chat/lib/names.sh": "",
      "chat/node_modules/x/index.js": "",
      "chat/__pycache__/app.pyc": "",
      "chat/.git/HEAD": "",
      "chat/data/table": "",
    },
    "chat/bootstrap",
  );

  const { programs } = await find(root, { handler: "chat/bootstrap" }, [join(root, "chat/data")]);

  expect(programs[0]?.inputs).toEqual([
    join(root, "chat/bootstrap"),
    join(root, "chat/lib/names.sh"),
  ]);
});

test.each([
  {
    named: "the interpreter of the exact version is preferred",
    exact: fakePython("/own/python3.12", "3.12.9"),
    taken: "/own/python3.12",
    warned: [],
  },
  {
    named: "another version is taken with a warning",
    exact: "#!/bin/sh\nexit 127\n", // as pyenv's: there, and of no use
    taken: "/own/python3",
    warned: [
      'Function "chat" has the runtime python3.12 and runs on Python 3.11.1 here (/own/python3).',
    ],
  },
])("$named", async ({ exact, taken, warned }) => {
  const root = project(
    {
      "app.py": "",
      "bin/python3.12": exact,
      "bin/python3": fakePython("/own/python3", "3.11.1"),
    },
    "bin/python3.12",
    "bin/python3",
  );
  onPath(`${join(root, "bin")}:/bin`);

  const { programs } = await find(root, { handler: "app.handler", runtime: "python3.12" });

  expect(programs[0]?.command[0]).toBe(taken);
  expect(versionWarnings(programs)).toEqual(warned);
});

test("one warning for each runtime names the functions that run on another version", async () => {
  const root = project(
    { "app.py": "", "bin/python3": fakePython("/own/python3", "3.11.1") },
    "bin/python3",
  );
  onPath(`${join(root, "bin")}:/bin`);
  const functions = { a: "python3.12", b: "python3.11", c: "python3.12", d: "python3.13" };

  const { programs } = await createProgramFinder(root, []).find(
    Object.entries(functions).map(([name, runtime]) => ({
      ...{ name, runtime, handler: "app.handler", code: undefined, command: undefined },
    })),
  );

  expect(versionWarnings(programs)).toEqual([
    'Functions "a", "c" have the runtime python3.12 and run on Python 3.11.1 here (/own/python3).',
    'Function "d" has the runtime python3.13 and runs on Python 3.11.1 here (/own/python3).',
  ]);
});

const VENV = join("chat", ".venv", "bin", "python");

test.each([
  [
    "into a virtual environment that is there, what a list asks for",
    { "chat/requirements.txt": "", [VENV]: "", "chat/.venv/pyvenv.cfg": "" },
    { command: `${VENV} -m pip install`, requirements: join("chat", "requirements.txt") },
  ],
  [
    "into a new virtual environment",
    { "requirements.txt": "" },
    {
      command: "python3 -m venv .venv && .venv/bin/pip install",
      requirements: "requirements.txt",
    },
  ],
  [
    "without a list",
    {},
    { command: "python3 -m venv .venv && .venv/bin/pip install", requirements: undefined },
  ],
])("says how packages of Python are installed: %s", async (_, files, installing) => {
  const root = project(
    { "chat/app.py": "", "bin/python3": fakePython("/own/python3", "3.12.1"), ...files },
    "bin/python3",
  );
  if (VENV in files) {
    writeFileSync(join(root, VENV), fakePython(join(root, VENV), "3.12.1"));
    chmodSync(join(root, VENV), 0o755);
  }
  onPath(`${join(root, "bin")}:/bin`);

  const { programs } = await find(root, {
    handler: "app.handler",
    code: "chat",
    runtime: "python3.12",
  });

  expect(programs[0]?.python?.installing).toEqual(installing);
});

test("the virtual environment next to the code takes precedence", async () => {
  const root = project(
    {
      "app.py": "",
      ".venv/bin/python": fakePython("/venv/python", "3.12.2"),
      "bin/python3.12": fakePython("/own/python3.12", "3.12.9"),
    },
    ".venv/bin/python",
    "bin/python3.12",
  );
  onPath(`${join(root, "bin")}:/bin`);

  const { programs } = await find(root, { handler: "app.handler", runtime: "python3.12" });

  expect(programs[0]?.command[0]).toBe("/venv/python");
});

test("a machine without Python is one fault, told with what else is wrong", async () => {
  const root = project({});
  mkdirSync(join(root, "bin"));
  onPath(join(root, "bin"));

  const { faults } = await find(root, { handler: "app.handler", runtime: "python3.12" });

  expect(faults).toEqual([
    'Function "chat" needs Python, but neither python3.12 nor python3 is installed. Install Python. It also has the handler app.handler, but app.py does not exist. Create the file or correct the handler.',
  ]);
});

test.skipIf(skipped).each([
  ["app.handler", "app.py"],
  ["chat.app.handler", "chat/app.py"],
  ["chat/app.handler", "chat/app.py"],
  ["chat.handler", "chat/__init__.py"],
])("%s is found in %s", { tags: ["journey"] }, async (handler, file) => {
  const root = project({ [file]: "" });

  const { programs, faults } = await find(root, { handler, runtime: "python3.11" });

  expect(faults).toEqual([]);
  expect(programs[0]).toMatchObject({ directory: root, handler });
});

test.skipIf(skipped)(
  "a Python handler that is nowhere is a fault, one in an installed package is not",
  async () => {
    const root = project({});

    const missing = await find(root, { handler: "chat.app.handler", runtime: "python3.11" });
    const installed = await find(root, { handler: "json.tool.main", runtime: "python3.11" });

    expect(missing.faults).toEqual([
      'Function "chat" has the handler chat.app.handler, but chat/app.py does not exist. Create the file or correct the handler.',
    ]);
    expect(installed.faults).toEqual([]);
  },
);

test("a directory that links to itself does not prevent the end of the search", async () => {
  const root = project({ "chat/bootstrap": "" }, "chat/bootstrap");
  symlinkSync(root, join(root, "chat/again"));
  writeFileSync(join(root, "chat/names.sh"), "");

  const { programs } = await find(root, { handler: "chat/bootstrap" });

  expect(programs[0]?.inputs).toContain(join(root, "chat/names.sh"));
});
