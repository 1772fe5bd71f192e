import { lstatSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { listenLocally } from "../../src/emulator/network/free-port.ts";
import { HINTS, WsgwError } from "../../src/errors.ts";
import { notedAt, notePort, withHolder } from "../../src/project-directory/port-holders.ts";
import { announceRunning } from "../../src/project-directory/running.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Has the place for temporary files be a directory of this test's own. */
function temporary(): string {
  const directory = temporaryDirectory();
  vi.stubEnv("TMPDIR", directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  return directory;
}

test("a note names the project until it is taken away", async () => {
  temporary();

  const unnote = await notePort(3001, "/projects/chat");
  expect(await notedAt(3001)).toBe("/projects/chat");
  await unnote();

  expect(await notedAt(3001)).toBeUndefined();
});

test.skipIf(process.platform === "win32")(
  "neither writes to nor trusts a directory that links elsewhere",
  async () => {
    const directory = temporary();
    const elsewhere = mkdtempSync(join(directory, "elsewhere-"));
    symlinkSync(elsewhere, join(directory, `wsgw-ports-${userInfo().username}`));

    await notePort(3001, "/projects/chat");

    expect(() => lstatSync(join(elsewhere, "3001"))).toThrow("ENOENT");
    expect(await notedAt(3001)).toBeUndefined();
  },
);

const IN_USE = new WsgwError("PORT_IN_USE", "Port 3001 on 127.0.0.1 is in use.");

/** A server of this process, with its port. */
async function listening(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return listenLocally(server);
}

test("names the program that has a port, and advises to take another port", async () => {
  temporary();
  const port = await listening();

  const error = await withHolder(IN_USE, port, "/projects/chat");

  expect(error).toMatchObject({
    message: expect.stringContaining(`Port ${port} is in use by process ${process.pid} (`),
    hint: expect.stringContaining("--port auto"),
  });
});

test.each([
  [
    "this project",
    "Use that gateway, for example with wsgw send. Start a second one with --port auto.",
  ],
  ["another project", HINTS.PORT_IN_USE],
])(
  "names the gateway of %s that has a port, with its URL, and does not advise to stop it",
  async (whose, hint) => {
    temporary();
    const root = temporaryDirectory();
    const port = await listening();
    const url = `ws://localhost:${port}/v1`;
    const credentials = { accessKeyId: "a", secretAccessKey: "b", sessionToken: undefined };
    await announceRunning(join(root, ".wsgw"), {
      ...{ url, secureUrl: url, managementUrl: url, dynamodbEndpoint: undefined },
      ...{ pid: process.pid, startedAt: 0, credentials, caFile: undefined },
    });
    await notePort(port, root);
    const own = whose === "this project" ? root : "/projects/other";

    const error = await withHolder(IN_USE, port, own);

    const named = whose === "this project" ? whose : root;
    expect(error).toMatchObject({
      message: `Port ${port} is in use by the wsgw dev of ${named}: ${url} (process ${process.pid}).`,
      hint,
    });
  },
);

test("notes are this user's only", async () => {
  const directory = temporary();

  await notePort(3001, "/projects/chat");

  const notes = join(directory, `wsgw-ports-${userInfo().username}`);
  expect(readFileSync(join(notes, "3001"), "utf8")).toBe("/projects/chat");
  if (process.platform !== "win32") expect(lstatSync(notes).mode & 0o777).toBe(0o700);
});
