import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findAuthority } from "../../src/emulator/compose-authority.ts";
import { project } from "../sources/projects.ts";

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

test("with a custom domain there are two to trust, in one file", async () => {
  const { root } = project(config({ customDomain: { name: "chat.example.com" } }));

  const { file, names } = await findAuthority({ cwd: root });

  expect(names).toHaveLength(2);
  expect(readFileSync(file, "utf8").match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

test("outside of a project there is none", async () => {
  const { root } = project({});

  await expect(findAuthority({ cwd: root })).rejects.toMatchObject({ code: "CONFIG_NOT_FOUND" });
});
