import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildTemplate } from "../../../scripts/build-template.mjs";
import { WsgwError } from "../../../src/errors.ts";
import { installPackages } from "../../../src/project-directory/new-project/install.ts";
import { writeProject } from "../../../src/project-directory/new-project/write-project.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

beforeAll(() => buildTemplate());

const HANDLERS = ["connect", "connections-table", "disconnect", "raw-json", "sendmessage"];

function read(...path: string[]): Promise<string> {
  return readFile(join(...path), "utf8");
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1));
}

async function rejection(work: Promise<unknown>): Promise<WsgwError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WsgwError)) throw new Error(`not refused: ${error}`);
  return error;
}

test("a project in TypeScript has the sample chat's own handlers, and says its name everywhere", async () => {
  const cwd = temporaryDirectory();

  const written = await writeProject({
    cwd,
    directory: "a/b",
    name: "talk",
    language: "typescript",
  });

  const root = join(cwd, "a", "b");
  expect(written).toMatchObject({ root, overwritten: [], extended: [], kept: [] });
  expect(written.files).toEqual((await filesIn(root)).toSorted());
  expect(written.files).toEqual([
    ".gitignore",
    ".vscode/launch.json",
    "README.md",
    "package.json",
    ...HANDLERS.map((name) => `src/handlers/${name}.ts`),
    "test/chat.test.ts",
    "tsconfig.json",
    "vitest.config.mts",
    "wsgw.config.ts",
  ]);
  for (const name of HANDLERS) {
    expect(await read(root, `src/handlers/${name}.ts`)).toBe(
      await read("src/handlers", `${name}.ts`),
    );
  }
  expect(await read(root, "wsgw.config.ts")).toContain('\n  name: "talk",\n');
  expect(await read(root, "README.md")).toMatch(/^# talk\n/);
  for (const file of written.files) expect(await read(root, file)).not.toContain("{{");
});

test("package.json names the commands, and the versions that wsgw is tested with", async () => {
  const root = temporaryDirectory();
  const own = JSON.parse(await read("package.json"));

  await writeProject({ cwd: root, name: "talk", language: "typescript" });

  const {
    "@types/aws-lambda": awsLambda,
    "@types/node": node,
    typescript,
    vitest,
  } = own.devDependencies;
  expect(JSON.parse(await read(root, "package.json"))).toEqual({
    name: "talk",
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: { start: "wsgw dev", test: "vitest run", deploy: "wsgw deploy", check: "tsc" },
    dependencies: {
      "@aws-sdk/client-apigatewaymanagementapi":
        own.dependencies["@aws-sdk/client-apigatewaymanagementapi"],
      "@aws-sdk/client-dynamodb": own.dependencies["@aws-sdk/client-dynamodb"],
    },
    devDependencies: {
      "@types/aws-lambda": awsLambda,
      "@types/node": node,
      typescript,
      vitest,
      wsgw: `file:${relative(root, process.cwd())}`,
    },
    allowScripts: { "classic-level": false, esbuild: false },
  });
});

test("only a project of a clone, which has a Vitest of its own, says which Vitest has the matchers", async () => {
  const pathsWith = async (wsgw: string) => {
    const root = temporaryDirectory();
    await writeProject({ cwd: root, name: "talk", language: "typescript", wsgw });
    return JSON.parse(await read(root, "tsconfig.json")).compilerOptions.paths;
  };

  expect(await pathsWith("file:../wsgw")).toEqual({ vitest: ["./node_modules/vitest"] });
  expect(await pathsWith("file:../wsgw/wsgw-0.1.0.tgz")).toBeUndefined();
  expect(await pathsWith("^0.1.0")).toBeUndefined();
});

test("a project in JavaScript has no types, and keeps comments and empty lines", async () => {
  const root = temporaryDirectory();

  const { files } = await writeProject({
    cwd: root,
    name: "talk",
    language: "javascript",
    wsgw: "/packed/wsgw.tgz",
  });

  expect(files.filter((file) => file.endsWith(".ts") || file === "tsconfig.json")).toEqual([]);
  expect(
    await read(root, "src/handlers/disconnect.js"),
  ).toBe(`import { removeConnection } from "./connections-table.js";

/** \`$disconnect\`: deletes the connection, whichever side closed it. */
export async function handler(event) {
  await removeConnection(event.requestContext.connectionId);
  return { statusCode: 200, body: "Disconnected." };
}
`);
  expect(JSON.parse(await read(root, "package.json")).devDependencies).toEqual({
    vitest: expect.any(String),
    wsgw: "/packed/wsgw.tgz",
  });
});

test("keeps and names existing files of the directory", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "tsconfig.json"), "mine");
  await writeFile(join(root, ".gitignore"), "mine");
  await mkdir(join(root, "test"));
  await symlink("nowhere", join(root, "test", "chat.test.ts"));
  await writeFile(join(root, "notes.txt"), "not in the way");

  const { files, kept, extended } = await writeProject({
    cwd: root,
    name: "talk",
    language: "typescript",
  });

  expect(kept).toEqual([".gitignore", "test/chat.test.ts", "tsconfig.json"]);
  expect(extended).toEqual([]);
  expect(files).toContain("wsgw.config.ts");
  expect(files).not.toContain("tsconfig.json");
  for (const file of ["tsconfig.json", ".gitignore"]) expect(await read(root, file)).toBe("mine");
  expect(JSON.parse(await read(root, "package.json")).scripts).not.toHaveProperty("check");
});

test("a package.json gets the scripts and packages that it lacks", async () => {
  const root = temporaryDirectory();
  const own = {
    name: "mine",
    type: "commonjs",
    scripts: { start: "node mine.js", test: 'echo "Error: no test specified" && exit 1' },
    dependencies: { vitest: "^3.0.0", "left-pad": "1.3.0" },
    allowScripts: { esbuild: true },
  };
  await writeFile(join(root, "package.json"), JSON.stringify(own, undefined, "\t"));

  const { extended, scripts } = await writeProject({
    cwd: root,
    name: "talk",
    language: "typescript",
    wsgw: "/packed/wsgw.tgz",
  });

  const text = await read(root, "package.json");
  const { dependencies, devDependencies, ...rest } = JSON.parse(text);
  expect(extended).toEqual(["package.json"]);
  expect(rest).toEqual({
    name: "mine",
    type: "commonjs",
    scripts,
    allowScripts: { "classic-level": false, esbuild: true },
  });
  expect(scripts).toEqual({
    start: "node mine.js",
    test: "vitest run",
    deploy: "wsgw deploy",
    check: "tsc",
  });
  expect(dependencies).toMatchObject({
    vitest: "^3.0.0",
    "left-pad": "1.3.0",
    "@aws-sdk/client-dynamodb": expect.any(String),
  });
  expect(devDependencies).toMatchObject({
    wsgw: "/packed/wsgw.tgz",
    typescript: expect.any(String),
  });
  expect(devDependencies).not.toHaveProperty("vitest");
  expect(text).toContain('\n\t"name": "mine"');
});

test("rejects a package.json that is not JSON, and writes nothing", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "package.json"), "mine");

  const { code, message } = await rejection(
    writeProject({ cwd: root, name: "talk", language: "typescript" }),
  );

  expect(code).toBe("FOLDER_UNUSABLE");
  expect(message).toBe(
    `${join(root, "package.json")} is not JSON, so wsgw cannot add scripts and packages.`,
  );
  expect(await filesIn(root)).toEqual(["package.json"]);
});

test("a config file alone is written when that is wished", async () => {
  const root = temporaryDirectory();

  await writeProject({ cwd: root, name: "talk", language: "javascript", configOnly: true });

  expect(await filesIn(root)).toEqual(["wsgw.config.js"]);
});

test("they are overwritten when that is wished, and nothing else is touched", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "package.json"), "mine");
  await writeFile(join(root, "notes.txt"), "not in the way");

  const { overwritten } = await writeProject({
    cwd: root,
    name: "talk",
    language: "javascript",
    overwrite: true,
  });

  expect(overwritten).toEqual(["package.json"]);
  expect(JSON.parse(await read(root, "package.json")).name).toBe("talk");
  expect(await read(root, "notes.txt")).toBe("not in the way");
});

test("what cannot be written at all is named, even when files may be overwritten", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "src"), "a file");
  await mkdir(join(root, "README.md"));
  await writeFile(join(root, "package.json"), "mine");
  const plan = { cwd: root, name: "talk", language: "typescript" } as const;

  const blocked = [
    `${join(root, "README.md")} is a directory, but must be a file.`,
    `${join(root, "src")} is a file, but must be a directory.`,
  ];
  expect(await rejection(writeProject(plan))).toMatchObject({
    code: "FOLDER_UNUSABLE",
    message: blocked.join("\n"),
  });
  expect(await rejection(writeProject({ ...plan, overwrite: true }))).toMatchObject({
    code: "FOLDER_UNUSABLE",
    message: blocked.join("\n"),
  });
  expect(await filesIn(root)).toHaveLength(2);
});

test("a definition under another name is in the way, even when files may be overwritten", async () => {
  const root = temporaryDirectory();
  await writeProject({ cwd: root, name: "talk", language: "typescript" });
  const before = await filesIn(root);

  const plan = { cwd: root, name: "talk", language: "javascript", overwrite: true } as const;
  const { code, message } = await rejection(writeProject(plan));

  expect(code).toBe("FOLDER_UNUSABLE");
  expect(message).toBe(
    `${join(root, "wsgw.config.ts")} is already a definition, and a directory can have only one.`,
  );
  expect(await filesIn(root)).toEqual(before);
});

test("reports an error while writing, and leaves nothing behind", async () => {
  const root = temporaryDirectory();
  await symlink("nowhere", join(root, "src"));

  const { code, message } = await rejection(
    writeProject({ cwd: root, name: "talk", language: "typescript" }),
  );

  expect(code).toBe("FOLDER_UNUSABLE");
  expect(message).toMatch(/^wsgw cannot write to .*, and wrote nothing: .*src/);
  expect(await readdir(root)).toEqual(["src"]);
});

test("rejects a directory below a file, and a name that AWS would not accept", async () => {
  const cwd = temporaryDirectory();
  await writeFile(join(cwd, "file"), "");

  const below = { cwd, directory: "file/chat", name: "talk", language: "typescript" } as const;
  expect(await rejection(writeProject(below))).toMatchObject({
    code: "FOLDER_UNUSABLE",
    message: `${join(cwd, "file")} is a file, but must be a directory.`,
  });
  expect(await rejection(writeProject({ ...below, name: "My Chat" }))).toMatchObject({
    code: "NAME_INVALID",
    message: '"My Chat" is not a valid name for a project.',
  });
});

test("npm installs what package.json names, or says why not", { tags: ["journey"] }, async () => {
  const root = temporaryDirectory();
  const manifest = (dependencies: object) =>
    writeFile(join(root, "package.json"), JSON.stringify({ name: "talk", dependencies }));
  await mkdir(join(root, "friend"));
  await writeFile(join(root, "friend/package.json"), '{ "name": "friend", "version": "1.0.0" }');

  await manifest({ friend: "file:friend" });
  await installPackages(root);
  expect(await read(root, "node_modules/friend/package.json")).toContain("friend");

  await manifest({ stranger: "file:stranger.tgz" });
  const { code, message } = await rejection(installPackages(root));
  expect(code).toBe("INSTALL_FAILED");
  expect(message).toMatch(/^npm install ended with \d+ in /);
  expect(message).toContain("stranger.tgz");
});
