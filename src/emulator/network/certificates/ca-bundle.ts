import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
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

/** Locations of the system's trusted authorities as one PEM file. */
const SYSTEM_ROOTS = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, Red Hat
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/ssl/cert.pem", // macOS, BSD
  "/usr/local/share/certs/ca-root-nss.crt", // FreeBSD
];

/** A gateway that started its last program this long ago has ended, or has the file in memory. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Writes the system's authorities and the gateway's own into one file in `stateDir`, and returns its path:
 * variables with such a file replace a program's trusted authorities instead of adding to them. The file name
 * is a hash of the contents, because gateways of one project may trust different authorities. Call this for
 * every program start: a file unused for 30 days is deleted when a new one is written.
 */
export function writeCaBundle(options: {
  readonly stateDir: string;
  readonly caPem: string;
  readonly systemRoots?: readonly string[];
}): string {
  const { stateDir, caPem, systemRoots = SYSTEM_ROOTS } = options;
  const roots = systemRoots.map(read).find((text) => text?.includes("-----BEGIN CERTIFICATE-----"));
  const bundle = `${(roots ?? rootCertificates.join("\n")).trimEnd()}\n${caPem}`;
  return writeAuthorities(stateDir, bundle, () => bundle);
}

/**
 * Writes authorities into a file named by the hash of `identity`, unless it exists. `writeCaBundle` says how long
 * it is kept.
 */
export function writeAuthorities(
  stateDir: string,
  identity: string,
  authorities: () => string,
): string {
  const directory = join(stateDir, "certificates");
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  const file = join(directory, `ca-bundle-${hash}.pem`);
  if (isMarkedUsed(file)) return file;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(6).toString("hex")}`;
    writeFileSync(draft, authorities());
    renameSync(draft, file); // atomically: another gateway's functions may be reading it
  } catch (cause) {
    const message = `${file} cannot be written: ${whyNotWritten(cause, file)}.`;
    throw new WsgwError("CERTIFICATE_FAILED", message, { cause });
  }
  deleteUnused(directory);
  return file;
}

/** False for a missing file. */
function isMarkedUsed(file: string): boolean {
  try {
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  } catch {
    return existsSync(file); // a file of another user is good enough
  }
}

function deleteUnused(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith("ca-bundle-")) continue;
    const file = join(directory, name);
    try {
      if (Date.now() - statSync(file).mtimeMs > UNUSED_MS) rmSync(file);
    } catch {
      // It belongs to another user, or another gateway has just deleted it.
    }
  }
}

/**
 * A PEM string without the authorities built into Node: every process would parse each of them before its
 * first call.
 */
export function withoutThoseOfNode(pem: string): string {
  const known = thoseOfNode();
  return pem.replace(CERTIFICATE, (each) => (known.has(inOneLine(each)) ? "" : each));
}

let ofNode: ReadonlySet<string> | undefined;

/** The authorities built into Node, read once for all gateways in this process. */
function thoseOfNode(): ReadonlySet<string> {
  ofNode ??= new Set(rootCertificates.map(inOneLine));
  return ofNode;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\s*/gs;

function inOneLine(pem: string): string {
  return pem.replace(/\s+/g, "");
}

/** A string that changes when a file changes; undefined for an unreadable file. Costs less than reading it. */
export function pemState(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK);
    const { ino, mtimeMs, ctimeMs, size } = statSync(file);
    return `${file} ${ino} ${mtimeMs} ${ctimeMs} ${size}`;
  } catch {
    return undefined;
  }
}

/** The contents of a PEM file, starting on a new line; empty for an unreadable file. */
export function pemIn(file: string): string {
  return `\n${read(file)?.trim() ?? ""}\n`.trimEnd();
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // each system has one of these, and the first start has none of wsgw's own
  }
}
