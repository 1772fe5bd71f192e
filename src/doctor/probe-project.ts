import { X509Certificate } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { jsonIn } from "../bundle/directory-files.ts";
import { nodeModulesWith } from "../bundle/own-code.ts";
import { errorCode } from "../errors/error-code.ts";
import { whyNotRead, whyNotWritten } from "../errors/in-words.ts";
import { fieldOf } from "../values/json.ts";
import type { AuthorityState } from "./rules/judge-certificates.ts";
import type { MissingPackages } from "./rules/judge-functions.ts";
import type { StateDirectory } from "./rules/judge-state-directory.ts";

/** Reads the authority in a project's `.wsgw`; a custom domain has its own. */
export async function readAuthority(stateDir: string, domain?: string): Promise<AuthorityState> {
  const name = domain === undefined ? "authority.pem" : `authority-${domain}.pem`;
  const file = join(stateDir, "certificates", name);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return errorCode(error) === "ENOENT"
      ? { kind: "absent" }
      : { kind: "unreadable", file, why: whyNotRead(error, file) };
  }
  try {
    const certificate = new X509Certificate(text);
    return {
      kind: "kept",
      file,
      name: certificate.subject.replace(/^CN=/, ""),
      validUntil: Date.parse(certificate.validTo),
    };
  } catch {
    return { kind: "broken", file };
  }
}

/**
 * Packages that are not installed, by each package.json between the functions' code and the definition's
 * directory.
 */
export function missingPackages(
  root: string,
  sources: readonly string[],
): readonly MissingPackages[] {
  const directories = new Set(sources.flatMap((source) => directoriesUpTo(root, dirname(source))));
  return [...directories].sort().flatMap((directory) => {
    const dependencies = fieldOf(jsonIn(join(directory, "package.json")), "dependencies") ?? {};
    const names = Object.keys(dependencies).filter(
      (name) => nodeModulesWith(name, directory) === undefined,
    );
    return names.length === 0 ? [] : [{ directory: relative(root, directory), names }];
  });
}

/** Code outside that directory has only its own. */
function directoriesUpTo(root: string, directory: string): readonly string[] {
  const isInside = `${directory}${sep}`.startsWith(`${root}${sep}`);
  if (!isInside || directory === root) return [directory];
  return [directory, ...directoriesUpTo(root, dirname(directory))];
}

/** Where a gateway writes in `.wsgw`. */
const PLACES = ["", "build", "certificates", "running"];

/** Whether a project's `.wsgw` can be written or created. Leaves nothing behind. */
export async function probeStateDirectory(directory: string): Promise<StateDirectory> {
  const there = await isThere(directory);
  const places = PLACES.map((place) => join(directory, place));
  const [problem, freeBytes] = await Promise.all([
    there ? firstProblem(places) : tryToReach(dirname(directory)),
    statfs(there ? directory : dirname(directory)).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    ),
  ]);
  return { directory, freeBytes, ...(typeof problem === "object" ? problem : { problem }) };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The first existing directory that is not writable. */
async function firstProblem(
  places: readonly string[],
): Promise<Pick<StateDirectory, "directory" | "problem"> | undefined> {
  for (const directory of places) {
    const problem = (await isThere(directory)) ? await tryToWrite(directory) : undefined;
    if (problem !== undefined) return { directory, problem };
  }
  return undefined;
}

async function tryToWrite(directory: string): Promise<string | undefined> {
  const file = join(directory, `.doctor-${process.pid}`);
  try {
    await writeFile(file, "", { flag: "wx" });
    await rm(file, { force: true });
    return undefined;
  } catch (error) {
    return whyNotWritten(error, file);
  }
}

async function tryToReach(directory: string): Promise<string | undefined> {
  try {
    await access(directory, constants.W_OK);
    return undefined;
  } catch (error) {
    return whyNotWritten(error);
  }
}
