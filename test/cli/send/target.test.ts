import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findTarget } from "../../../cli/send/target.ts";
import type { RunningGateway } from "../../../src/project-directory/running.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { type FakeIo, fakeIo } from "../fake-io.ts";

async function pemFile(text: string): Promise<string> {
  const directory = temporaryDirectory();
  const file = join(directory, "ca.pem");
  await writeFile(file, text);
  return file;
}

/** A project in which these gateways run. */
function withGateways(...gateways: readonly Partial<RunningGateway>[]): FakeIo {
  const findRunning = async () =>
    gateways.map((gateway) => ({ url: "ws://localhost:3001/v1", ...gateway }) as RunningGateway);
  return fakeIo({ app: { findRunning } });
}

test.each(["localhost", "127.0.0.1", "[::1]"])(
  "trusts the authority of the gateways of this project at %s",
  async (host) => {
    const gateways = [{ caFile: await pemFile("PEM") }, { caFile: "/gone" }, {}];

    const target = await findTarget(
      { url: `wss://${host}:3001/v1`, caFile: undefined },
      withGateways(...gateways),
    );

    expect(target.ca).toBe("PEM");
  },
);

test("trusts no local authority for other hosts", async () => {
  const options = { url: "wss://a.example/v1", caFile: undefined };

  const target = await findTarget(options, withGateways({ caFile: await pemFile("PEM") }));

  expect(target).toEqual({ url: "wss://a.example/v1", ca: undefined });
});

test("prefers the authority that was named", async () => {
  const options = { url: "wss://localhost/v1", caFile: await pemFile("NAMED") };

  const target = await findTarget(options, withGateways({ caFile: await pemFile("LOCAL") }));

  expect(target.ca).toBe("NAMED");
});

test("knows the gateway of this project by its port", async () => {
  const find = (url: string) => findTarget({ url, caFile: undefined }, withGateways({ pid: 1 }));

  expect((await find("ws://127.0.0.1:3001/v1")).running).toMatchObject({ pid: 1 });
  expect((await find("ws://127.0.0.1:3002/v1")).running).toBeUndefined();
  expect((await find("ws://a.example:3001/v1")).running).toBeUndefined();
});

test("says which file of an authority it cannot read", async () => {
  const options = { url: "wss://localhost/v1", caFile: "/nowhere/ca.pem" };

  await expect(findTarget(options, withGateways())).rejects.toMatchObject({
    code: "USAGE",
    message: "Cannot read /nowhere/ca.pem: it does not exist (ENOENT).",
  });
});

const stagesAt = (path: string, ...names: readonly string[]) =>
  names.map((name) => {
    const address = `localhost:3001${path}/${name}`;
    return {
      name,
      url: `ws://${address}`,
      secureUrl: `wss://${address}`,
      managementUrl: `http://${address}`,
    };
  });
const CHAT = { name: "chat", stages: stagesAt("", "v1", "v2") };
const ADMIN = { name: "admin", stages: stagesAt("/admin", "live") };

function running(...apis: NonNullable<RunningGateway["apis"]>): FakeIo {
  const gateway = { url: "ws://localhost:3001/v1", apis } as unknown as RunningGateway;
  return fakeIo({ app: { findRunning: async () => [gateway] } });
}

test.each([
  [{}, [CHAT], "ws://localhost:3001/v1"],
  [{ stage: "v2" }, [CHAT], "ws://localhost:3001/v2"],
  [{ api: "chat" }, [CHAT, ADMIN], "ws://localhost:3001/v1"],
  [{ api: "admin", stage: "live" }, [CHAT, ADMIN], "ws://localhost:3001/admin/live"],
])("%j chooses the URL at the gateway of the project", async (named, apis, url) => {
  const found = await findTarget({ url: undefined, caFile: undefined, ...named }, running(...apis));

  expect(found.url).toBe(url);
});

test.each([
  [
    {},
    [CHAT, ADMIN],
    "has several APIs. Choose one:\n  wsgw send --api chat\n  wsgw send --api admin",
  ],
  [{ api: "chta" }, [CHAT, ADMIN], 'has no API "chta". It has chat, admin.'],
  [{ api: "admin", stage: "v1" }, [CHAT, ADMIN], 'The API admin has no stage "v1". It has live.'],
])("%j names what there is to choose from", async (named, apis, message) => {
  const asked = findTarget({ url: undefined, caFile: undefined, ...named }, running(...apis));

  await expect(asked).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(message),
  });
});

test.each([
  ["ws://a.example/v1", "ws://a.example/v1?room=blue&n=1"],
  [
    "ws://a.example/v1?token=t%2Bt&room=red&room=green",
    "ws://a.example/v1?token=t%2Bt&room=blue&n=1",
  ],
  ["ws://a.example/v1?room=blue&n=1", "ws://a.example/v1?room=blue&n=1"],
  [undefined, "ws://localhost:3001/v1?room=blue&n=1"],
])("adds --query to %s and replaces parameters of the same names", async (url, expected) => {
  const query = ["room=blue", "n=1"];

  const target = await findTarget({ url, caFile: undefined, query }, withGateways({}));

  expect(target.url).toBe(expected);
});
