import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  announceRunning,
  findRunning,
  type RunningGateway,
} from "../../src/project-directory/running.ts";
import { stateNextTo } from "../../src/project-directory/state-directory.ts";
import { listen } from "../listen.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** A port that accepts connections until the test ends, or is closed by `close`. */
async function openPort() {
  const server = createServer((socket) => socket.destroy());
  const port = await listen(server);
  const close = () => new Promise((resolve) => server.close(resolve));
  return { port, close };
}

/** The id of a process that lives until the test ends. */
function anotherPid(): number {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"], {
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill());
  return child.pid!;
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid!;
}

function gateway(port: number, over: Partial<RunningGateway> = {}): RunningGateway {
  return {
    url: `ws://127.0.0.1:${port}/v1`,
    secureUrl: `wss://127.0.0.1:${port}/v1`,
    managementUrl: `http://127.0.0.1:${port}/v1`,
    dynamodbEndpoint: "http://127.0.0.1:8000",
    pid: process.pid,
    startedAt: 1_700_000_000_000,
    credentials: { accessKeyId: "AK", secretAccessKey: "SK", sessionToken: undefined },
    caFile: "/project/.wsgw/ca.pem",
    ...over,
  };
}

test("what is announced of its APIs and its control interface is found again", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  const address = `localhost:${port}/admin/live`;
  const apis = [
    {
      name: "admin",
      stages: [
        {
          name: "live",
          url: `ws://${address}`,
          secureUrl: `wss://${address}`,
          managementUrl: `http://${address}`,
        },
      ],
    },
  ];
  const control = { url: `http://localhost:${port}/_wsgw`, token: "t", version: 1 };
  await announceRunning(stateNextTo(root), gateway(port, { apis, control }));

  expect(await findRunning(root)).toMatchObject([{ apis, control }]);
});

test("finds a running gateway from a directory below the project", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  await announceRunning(stateNextTo(root), gateway(port));
  await mkdir(join(root, "src", "handlers"), { recursive: true });

  expect(await findRunning(join(root, "src", "handlers"))).toEqual([gateway(port)]);
});

test("finds nothing where no gateway has ever run", async () => {
  expect(await findRunning(temporaryDirectory())).toEqual([]);
});

test("finds nothing after the gateway has taken its file away, however often it does", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  const withdraw = await announceRunning(stateNextTo(root), gateway(port));

  await withdraw();
  await withdraw();

  expect(await findRunning(root)).toEqual([]);
});

test("reports an unwritable project as an error that the user can fix", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, ".wsgw"), "a file where the folder should be");

  await expect(announceRunning(stateNextTo(root), gateway(1))).rejects.toMatchObject({
    code: "PROJECT_UNWRITABLE",
  });
});

test("deletes the files of gateways that were killed, and no others", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  const directory = join(stateNextTo(root), "running");
  await announceRunning(stateNextTo(root), gateway(port));
  const live = await readdir(directory);
  await announceRunning(stateNextTo(root), gateway(port, { pid: await deadPid() }));
  await writeFile(join(directory, "1.json"), "{}");

  await announceRunning(stateNextTo(root), gateway(port, { pid: anotherPid() }));

  const left = await readdir(directory);
  expect(left).toEqual(expect.arrayContaining([...live, "1.json"]));
  expect(left).toHaveLength(3);
});

test("keeps the file from other users and from git", async () => {
  const root = temporaryDirectory();
  await announceRunning(stateNextTo(root), gateway(1));

  const directory = join(root, ".wsgw", "running");
  const [file, ...others] = await readdir(directory);
  expect(others).toEqual([]);
  expect(file).toMatch(new RegExp(`^${process.pid}-[0-9a-f]{8}\\.json$`));
  expect((await stat(join(directory, file!))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(root, ".wsgw", ".gitignore"), "utf8")).toBe("*\n");
});

test("a gateway that was restarted in the same process is not lost with the previous one", async () => {
  const root = temporaryDirectory();
  const { port, close } = await openPort();
  await close();
  const withdraw = await announceRunning(stateNextTo(root), gateway(port));
  const next = await openPort();
  const dropping = findRunning(root);
  await announceRunning(stateNextTo(root), gateway(next.port));

  await dropping;
  await withdraw();

  expect(await findRunning(root)).toEqual([gateway(next.port)]);
});

test("finds a gateway of a version that names its file by the process alone", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  const directory = join(root, ".wsgw", "running");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, `${process.pid}.json`), JSON.stringify(gateway(port)));

  expect(await findRunning(root)).toEqual([gateway(port)]);
});

test("puts the newest gateway first", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  const older = gateway(port, { startedAt: 1 });
  const newer = gateway(port, { startedAt: 2, pid: anotherPid() });
  await announceRunning(stateNextTo(root), newer);
  await announceRunning(stateNextTo(root), older);

  expect(await findRunning(root)).toEqual([newer, older]);
});

test("drops the file of a process that is gone", async () => {
  const root = temporaryDirectory();
  const { port } = await openPort();
  await announceRunning(stateNextTo(root), gateway(port, { pid: await deadPid() }));

  expect(await findRunning(root)).toEqual([]);
  expect(await readdir(join(root, ".wsgw", "running"))).toEqual([]);
});

test("drops the file of a live process whose port does not answer", async () => {
  const root = temporaryDirectory();
  const { port, close } = await openPort();
  await close();
  await announceRunning(stateNextTo(root), gateway(port));

  expect(await findRunning(root)).toEqual([]);
  expect(await readdir(join(root, ".wsgw", "running"))).toEqual([]);
});

test("leaves files alone that it does not understand", async () => {
  const root = temporaryDirectory();
  await announceRunning(stateNextTo(root), gateway(1));
  const directory = join(root, ".wsgw", "running");
  const [name] = await readdir(directory);
  const file = join(directory, name!);
  await writeFile(file, '{"version":2}');

  expect(await findRunning(root)).toEqual([]);
  expect(await readFile(file, "utf8")).toBe('{"version":2}');
});

test("prefers the nearest project to one above it", async () => {
  const outer = temporaryDirectory();
  const inner = join(outer, "packages", "chat");
  const { port } = await openPort();
  await announceRunning(stateNextTo(outer), gateway(port, { startedAt: 2 }));
  await announceRunning(stateNextTo(inner), gateway(port, { startedAt: 1 }));

  expect(await findRunning(inner)).toEqual([gateway(port, { startedAt: 1 })]);
});

test("looks further up when what ran in the nearest project is gone", async () => {
  const outer = temporaryDirectory();
  const inner = join(outer, "packages", "chat");
  const { port } = await openPort();
  await announceRunning(stateNextTo(outer), gateway(port));
  await announceRunning(stateNextTo(inner), gateway(port, { pid: await deadPid() }));

  expect(await findRunning(inner)).toEqual([gateway(port)]);
});
