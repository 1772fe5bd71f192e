import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { WsgwError } from "../../errors.ts";

/** Where systems keep the authorities that they trust, in one PEM file. */
const SYSTEM_ROOTS = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, Red Hat
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/ssl/cert.pem", // macOS, BSD
  "/usr/local/share/certs/ca-root-nss.crt", // FreeBSD
];

/**
 * Writes the system's authorities and the gateway's own into one file in `stateDir`, and answers its
 * path: the variables that name such a file replace what a program trusts, and do not add to it. The file
 * is named for its contents, for gateways of one project may differ in what they trust.
 */
export function writeCaBundle(options: {
  readonly stateDir: string;
  readonly caPem: string;
  readonly systemRoots?: readonly string[];
}): string {
  const { stateDir, caPem, systemRoots = SYSTEM_ROOTS } = options;
  const folder = join(stateDir, "certificates");
  const roots = systemRoots.map(read).find((text) => text?.includes("-----BEGIN CERTIFICATE-----"));
  const bundle = `${(roots ?? rootCertificates.join("\n")).trimEnd()}\n${caPem}`;
  const hash = createHash("sha256").update(bundle).digest("hex").slice(0, 16);
  const file = join(folder, `ca-bundle-${hash}.pem`);
  if (existsSync(file)) return file;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, bundle);
    renameSync(draft, file); // in one step: another gateway's functions may be reading it
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WsgwError("CERTIFICATE_FAILED", `${file} cannot be written: ${why}`, { cause });
  }
  return file;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // systems have one of several, and a first start has none of ours
  }
}
