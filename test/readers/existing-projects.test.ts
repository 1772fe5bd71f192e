import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { descriptionOf } from "../../src/describe/describe.ts";
import { loadProject } from "../../src/emulator/load-project.ts";
import { type GatewayOptions, startGateway } from "../../src/testing/index.ts";
import { lacksPython } from "../contracts/lambda-setup.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const withoutPython = await lacksPython();
const projects = fileURLToPath(new URL("../../fixtures/projects", import.meta.url));

function git(folder: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" });
}

/** A project as its users have it: a repository with everything committed. */
function checkedOut(name: string): string {
  const folder = join(temporaryFolder(), name);
  cpSync(join(projects, name), folder, { recursive: true });
  git(folder, "init", "--quiet");
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", "all of it");
  return folder;
}

/** Starts a project by its template and, when the test has ended, looks at what that has changed. */
async function started(name: string, template: string, options: GatewayOptions = {}) {
  const folder = checkedOut(name);
  const stateDir = temporaryFolder();
  const gateway = await startGateway({ template: join(folder, template), stateDir }, options);
  onTestFinished(async () => {
    await gateway.stop();
    expect(git(folder, "status", "--porcelain", "--ignored")).toBe("");
  });
  const described = async () => {
    const loaded = await loadProject({ cwd: folder, template, stateDir });
    return descriptionOf(loaded.project, loaded.source);
  };
  return { gateway, described };
}

test("simple-chat: everybody hears a message, and the table has who is connected", async () => {
  const { gateway, described } = await started("simple-chat", "template.yaml");
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];

  ann.sendJson({ message: "sendmessage", data: "hello world" });

  expect([await ann.next(), await bob.next()]).toEqual(["hello world", "hello world"]);
  expect(await gateway.table("MembersTable").items()).toHaveLength(2);
  await bob.close();
  await gateway.settled();
  expect(await gateway.table("MembersTable").items()).toEqual([{ connectionId: ann.connectionId }]);
  expect(ann.connectionId).not.toBe(bob.connectionId);
  const { apis, functions, fromTemplate } = await described();
  expect(apis[0]?.routes.map(({ routeKey, function: called }) => [routeKey, called])).toEqual([
    ["$connect", "OnConnectFunction"],
    ["$disconnect", "OnDisconnectFunction"],
    ["sendmessage", "SendMessageFunction"],
  ]);
  expect(functions.map(({ memoryMb, timeoutSeconds }) => [memoryMb, timeoutSeconds])).toEqual([
    [256, 3],
    [256, 3],
    [256, 3],
  ]);
  expect(fromTemplate?.notServed).toEqual([]);
});

test("typed-rooms: TypeScript, samconfig's parameter, mappings, an index and stage variables", async () => {
  const { gateway, described } = await started("typed-rooms", "template.yml");
  const ann = await gateway.connect({ query: { room: "Garden" } });

  ann.sendJson({ do: "ask" });

  expect(JSON.parse(await ann.next())).toEqual({
    rooms: [{ room: "garden" }], // the index has keys only
    limit: "3",
    where: ["typed-rooms-dev", "${literal}"],
    region: "eu-west-1",
    mood: "calm",
  });
  const { apis, functions } = await described();
  expect(apis[0]?.routes.at(-1)).toMatchObject({ routeKey: "ask", integrationTimeoutMs: 5000 });
  expect(functions.map(({ memoryMb }) => memoryMb)).toEqual([256, 128]);
});

test("nested-board: a nested stack's table, code in the template, a route response", async () => {
  const { gateway } = await started("nested-board", "cloudformation.json");
  const ann = await gateway.connect();

  ann.sendJson({ action: "pin", text: "milk" });

  expect(await ann.next()).toBe("pinned milk to nested-board-us-east-1-notes");
  expect(await gateway.table("Data-Notes").items()).toEqual([{ id: "milk", by: ann.connectionId }]);
});

test.skipIf(withoutPython)("half-here: what can run here does, the rest is named", async () => {
  const { gateway, described } = await started("half-here", "template.yaml", {
    runtime: "child-process",
    strict: false,
  });
  const ann = await gateway.connect();

  ann.send("hello");
  expect(JSON.parse(await ann.next())).toEqual({
    heard: "HELLO!",
    queue: "https://sqs.us-east-1.amazonaws.com/123456789012/half-here-Jobs",
  });
  for (const action of ["ping", "render"]) {
    ann.sendJson({ action });
    expect(JSON.parse(await ann.next())).toMatchObject({ message: "Internal server error" });
  }
  const { fromTemplate } = await described();
  expect(fromTemplate?.triggers).toEqual([
    { kind: "queue", from: "Jobs", function: "Worker" },
    { kind: "schedule", from: expect.any(String), function: "Worker" },
  ]);
  expect(fromTemplate?.notServed.map(({ what, why, of }) => [what, why, of])).toEqual([
    ["authorizer", undefined, "route $connect of Api"],
    ["integration MOCK", undefined, "route ping of Api"],
    ["function half-here-Render", "is a container image", "route render of Api"],
  ]);
});
