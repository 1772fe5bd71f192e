import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findAuthority } from "../../src/emulator/authority.ts";
import { startDev } from "../../src/emulator/dev.ts";
import { project } from "../readers/projects.ts";

const config = (more: object = {}) => ({ "wsgw.config.json": JSON.stringify(more) });

test("makes the authority of a project that has none yet, and finds it from then on", async () => {
  const { root } = project({ ...config(), "src/app.js": "" });

  const made = await findAuthority({ cwd: join(root, "src") });
  const found = await findAuthority({ cwd: root });

  expect(made).toEqual(found);
  expect(made.file).toBe(join(root, ".wsgw", "certificates", "ca.pem"));
  expect(made.names).toEqual([expect.stringMatching(/^wsgw local authority [0-9a-f]{8}$/)]);
  expect(made.fingerprints).toEqual([expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)]);
  expect(made.validUntil).toBeGreaterThan(Date.now());
});

const customDomain = { name: "chat.example.com" };

test.each([
  ["an API", { customDomain }],
  ["a project", { apis: { chat: { customDomain } } }],
])("with a custom domain of %s there are two to trust, in one file", async (_, definition) => {
  const { root } = project(config(definition));

  const { file, names } = await findAuthority({ cwd: root });

  expect(names).toHaveLength(2);
  expect(readFileSync(file, "utf8").match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

test("a public host that the usual authority may not vouch for has one to trust besides", async () => {
  const { root } = project(config());

  const { file, names } = await findAuthority({ cwd: root, publicHost: "laptop.lan" });

  expect(file).toBe(join(root, ".wsgw", "certificates", "ca-laptop.lan.pem"));
  expect(names).toHaveLength(2);
});

test("while a gateway runs, its public host counts", async () => {
  const { root } = project({
    "wsgw.config.json": JSON.stringify({
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { ask: { handler: "ask.handler" } },
      routes: { ask: { function: "ask" } },
    }),
    "ask.js": "exports.handler = async () => ({ statusCode: 200 });\n",
  });
  const session = await startDev({
    cwd: root,
    port: 0,
    host: "127.0.0.1",
    publicHost: "laptop.lan",
  });
  onTestFinished(() => session.stop());

  expect((await findAuthority({ cwd: root })).file).toBe(session.caFile);
});

test("rejects an invalid host", async () => {
  const { root } = project(config());

  await expect(findAuthority({ cwd: root, publicHost: "a b" })).rejects.toMatchObject({
    code: "PUBLIC_HOST_UNUSABLE",
  });
});

test("outside of a project there is no authority", async () => {
  const { root } = project({});

  await expect(findAuthority({ cwd: root })).rejects.toMatchObject({ code: "CONFIG_NOT_FOUND" });
});
