import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rootCertificates } from "node:tls";
import { expect, test } from "vitest";
import {
  withoutThoseOfNode,
  writeCaBundle,
} from "../../../../src/emulator/network/certificates/ca-bundle.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

const OURS = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";
const SYSTEMS = "-----BEGIN CERTIFICATE-----\nsystem's\n-----END CERTIFICATE-----\n";

test("the system's authorities and the gateway's are in one file", () => {
  const stateDir = temporaryDirectory();
  const [empty, system] = [join(stateDir, "empty"), join(stateDir, "system")];
  writeFileSync(empty, "");
  writeFileSync(system, SYSTEMS);

  const file = writeCaBundle({
    stateDir,
    caPem: OURS,
    systemRoots: [join(stateDir, "none"), empty, system],
  });

  expect(dirname(file)).toBe(join(stateDir, "certificates"));
  expect(readFileSync(file, "utf8")).toBe(SYSTEMS + OURS);
});

test("without a file of the system's Node's own authorities are taken", () => {
  const file = writeCaBundle({ stateDir: temporaryDirectory(), caPem: OURS, systemRoots: [] });

  const text = readFileSync(file, "utf8");
  expect(text).toContain(rootCertificates[0]);
  expect(text.endsWith(`\n${OURS}`)).toBe(true);
});

test("gateways of one project that trust the same share a file, and others have theirs", () => {
  const options = { stateDir: temporaryDirectory(), caPem: OURS, systemRoots: [] };
  const first = writeCaBundle(options);
  const { ino } = statSync(first);
  const other = writeCaBundle({ ...options, caPem: SYSTEMS });

  expect(writeCaBundle(options)).toBe(first);
  expect(statSync(first).ino).toBe(ino);
  expect(other).not.toBe(first);
  expect(readFileSync(first, "utf8")).toContain(OURS);
});

test("a file unused for a month is deleted with the next new one", () => {
  const options = { stateDir: temporaryDirectory(), systemRoots: [] };
  const [forgotten, asked] = ["old", "asked"].map((name) =>
    writeCaBundle({ ...options, caPem: OURS.replace("ours", name) }),
  );
  const authority = join(dirname(forgotten!), "ca.pem");
  writeFileSync(authority, OURS);
  const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
  for (const file of [forgotten!, asked!, authority]) utimesSync(file, longAgo, longAgo);
  writeCaBundle({ ...options, caPem: OURS.replace("ours", "asked") });

  const made = writeCaBundle({ ...options, caPem: OURS });

  const left = [authority, asked!, made].map((file) => basename(file));
  expect(readdirSync(dirname(made)).sort()).toEqual(left.sort());
});

test("reports an unwritable directory as an error that the user can fix", () => {
  const stateDir = join(temporaryDirectory(), "file");
  writeFileSync(stateDir, "");

  expect(() => writeCaBundle({ stateDir, caPem: OURS })).toThrow(
    expect.objectContaining({ code: "CERTIFICATE_FAILED" }),
  );
});

test("authorities that Node brings itself are not read once more by every environment", () => {
  const [first = "", second = ""] = rootCertificates;
  const wrapped = first.replaceAll("\n", "\r\n");

  expect(withoutThoseOfNode(`${OURS}# of the system\n${wrapped}\n${second}\n${SYSTEMS}`)).toBe(
    `${OURS}# of the system\n${SYSTEMS}`,
  );
});
