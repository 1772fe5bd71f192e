import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** A folder of a test's own, by its real path, which goes away with the test. */
export function temporaryFolder(): string {
  const folder = makeDirectory();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A directory for all tests of a file, by its real path, removed after the last one. Call it at the top level. Gateways that
 * share a project bundle its code once: a bundle with the AWS SDK takes half a second.
 */
export function sharedFolder(): string {
  const folder = makeDirectory();
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function makeDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "wsgw-project-")));
}
