import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { writeCaBundle } from "../../../src/emulator/adapters/ca-bundle.ts";

const OURS = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";
const SYSTEMS = "-----BEGIN CERTIFICATE-----\nsystem's\n-----END CERTIFICATE-----\n";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "wsgw-bundle-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("the system's authorities and the gateway's stand in one file", () => {
  const stateDir = folder();
  const [empty, system] = [join(stateDir, "empty"), join(stateDir, "system")];
  writeFileSync(empty, "");
  writeFileSync(system, SYSTEMS);

  const file = writeCaBundle({
    stateDir,
    caPem: OURS,
    systemRoots: [join(stateDir, "none"), empty, system],
  });

  expect(file).toBe(join(stateDir, "certificates", "ca-bundle.pem"));
  expect(readFileSync(file, "utf8")).toBe(SYSTEMS + OURS);
});

test("without a file of the system's Node's own authorities are taken", () => {
  const file = writeCaBundle({ stateDir: folder(), caPem: OURS, systemRoots: [] });

  const text = readFileSync(file, "utf8");
  expect(text).toContain(rootCertificates[0]);
  expect(text.endsWith(`\n${OURS}`)).toBe(true);
});

test("a file that would stay the same is left alone", () => {
  const options = { stateDir: folder(), caPem: OURS, systemRoots: [] };
  const { ino } = statSync(writeCaBundle(options));

  expect(statSync(writeCaBundle(options)).ino).toBe(ino);
  expect(statSync(writeCaBundle({ ...options, caPem: SYSTEMS })).ino).not.toBe(ino);
});

test("a folder that cannot be written is the user's to mend", () => {
  const stateDir = join(folder(), "file");
  writeFileSync(stateDir, "");

  expect(() => writeCaBundle({ stateDir, caPem: OURS })).toThrow(
    expect.objectContaining({ code: "CERTIFICATE_FAILED" }),
  );
});
