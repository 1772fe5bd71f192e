import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { whyNotWritten } from "../../../errors/in-words.ts";
import { WsgwError } from "../../../errors.ts";

/** Where systems keep the authorities that they trust, in one PEM file. */
const SYSTEM_ROOTS = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, Red Hat
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/ssl/cert.pem", // macOS, BSD
  "/usr/local/share/certs/ca-root-nss.crt", // FreeBSD
];

/** A gateway that started the last program so long ago does not run any more, or has it in memory. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Writes the system's authorities and the gateway's own into one file in `stateDir`, and answers its
 * path: the variables that name such a file replace what a program trusts, and do not add to it. The file
 * is named for its contents, for gateways of one project may differ in what they trust. To be called for
 * every program that starts: a file that none has asked for in 30 days is deleted by the next that is new.
 */
export function writeCaBundle(options: {
  readonly stateDir: string;
  readonly caPem: string;
  readonly systemRoots?: readonly string[];
}): string {
  const { stateDir, caPem, systemRoots = SYSTEM_ROOTS } = options;
  const roots = systemRoots.map(read).find((text) => text?.includes("-----BEGIN CERTIFICATE-----"));
  return writeAuthorities(
    stateDir,
    `${(roots ?? rootCertificates.join("\n")).trimEnd()}\n${caPem}`,
  );
}

/**
 * Writes authorities into a file named for them, those left out that `without` leaves out. `writeCaBundle` says how
 * long it stays.
 */
export function writeAuthorities(
  stateDir: string,
  bundle: string,
  without = (pem: string) => pem,
): string {
  const folder = join(stateDir, "certificates");
  const hash = createHash("sha256").update(bundle).digest("hex").slice(0, 16);
  const file = join(folder, `ca-bundle-${hash}.pem`);
  if (isMarkedUsed(file)) return file;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(6).toString("hex")}`;
    writeFileSync(draft, without(bundle));
    renameSync(draft, file); // in one step: another gateway's functions may be reading it
  } catch (cause) {
    const message = `${file} cannot be written: ${whyNotWritten(cause, file)}.`;
    throw new WsgwError("CERTIFICATE_FAILED", message, { cause });
  }
  deleteUnused(folder);
  return file;
}

/** False for a file that is not there. */
function isMarkedUsed(file: string): boolean {
  try {
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  } catch {
    return existsSync(file); // one of somebody else's does as well
  }
}

function deleteUnused(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith("ca-bundle-")) continue;
    const file = join(folder, name);
    try {
      if (Date.now() - statSync(file).mtimeMs > UNUSED_MS) rmSync(file);
    } catch {
      // Somebody else's, or another gateway has just deleted it.
    }
  }
}

/** A PEM text without the authorities that Node brings itself: every process reads each of them before its first call. */
export function withoutThoseOfNode(pem: string): string {
  const known = new Set(rootCertificates.map(inOneLine));
  return pem.replace(CERTIFICATE, (each) => (known.has(inOneLine(each)) ? "" : each));
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\s*/gs;

function inOneLine(pem: string): string {
  return pem.replace(/\s+/g, "");
}

/** The text of a PEM file on a line of its own; empty for a file that cannot be read. */
export function pemIn(file: string): string {
  return `\n${read(file)?.trim() ?? ""}\n`.trimEnd();
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // systems have one of several, and a first start has none of ours
  }
}
