import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** A directory of a test's own, by its real path, which goes away with the test. */
export function temporaryDirectory(): string {
  const directory = makeDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A directory for all tests of a file, by its real path, removed after the last one. Call it at the top level. Gateways that
 * share a project bundle its code once: a bundle with the AWS SDK takes half a second.
 */
export function sharedDirectory(): string {
  const directory = makeDirectory();
  afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

function makeDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "wsgw-project-")));
}
