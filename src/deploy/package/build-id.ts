import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import { promisify } from "node:util";
import { byCodeUnit } from "./files.ts";

const PATIENCE_MS = 10_000;

/**
 * Identifies what is deployed: the commit of the project's git repository, with `-dirty` if files differ from
 * it; without git, a hash of the code. `without` are paths to ignore.
 */
export async function findBuildId(
  root: string,
  packaged: readonly { readonly name: string; readonly sha256: string }[],
  without: readonly string[] = [],
): Promise<string> {
  const commit = (await git(root, ["rev-parse", "--verify", "HEAD"]))?.trim();
  if (commit === undefined) return contentId(packaged);
  const top = (await git(root, ["rev-parse", "--show-toplevel"]))?.trim() ?? root;
  const excluded = without
    .map((place) => relative(top, place))
    .filter((path) => path !== "" && !path.startsWith(".."))
    .map((path) => `:(top,exclude,literal)${path.split(sep).join("/")}`);
  const changes = await git(root, ["status", "--porcelain", "--", ":(top)", ...excluded]);
  return changes === "" ? commit : `${commit}-dirty`;
}

function contentId(
  packaged: readonly { readonly name: string; readonly sha256: string }[],
): string {
  const lines = packaged.map(({ name, sha256 }) => `${name} ${sha256}\n`).sort(byCodeUnit);
  return `content-${createHash("sha256").update(lines.join("")).digest("hex").slice(0, 40)}`;
}

/** The output of git; undefined without git, a repository or a commit. */
async function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["--no-optional-locks", ...args], {
      cwd,
      timeout: PATIENCE_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch {
    return undefined;
  }
}
