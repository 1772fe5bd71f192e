import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../../errors/error-code.ts";
import { whyNotWritten } from "../../../errors/in-words.ts";
import { WsgwError } from "../../../errors.ts";
import { makeStateDirectory } from "../../../project-directory/state-directory.ts";
import { isRenewed } from "../rules/certificate-renewal.ts";
import {
  type Identity,
  isAddress,
  mintAuthority,
  mintLeaf,
  vouchesFor,
} from "./mint-certificate.ts";

/** An authority and its default certificate. */
export type Bundle = { readonly authority: Identity; readonly standard: Identity };

/** A host outside the default authority's constraints, or with an authority of its own. */
export type Apart = {
  readonly host: string;
  /** Names and addresses that its own authority permits; each name includes subdomains. */
  readonly permitted: readonly string[];
};

const MOST_ATTEMPTS = 5;

/**
 * Reads the bundle in `stateDir`, or creates it. It is one file that is only replaced as a whole, and a new
 * one never replaces another process's: two gateways that start at once use the same authority. A host of the
 * user's has a bundle `apart`, whose authority is limited to the names permitted there.
 */
export function keepBundle(
  stateDir: string,
  names: readonly string[],
  now: number,
  apart?: Apart,
): Bundle {
  const directory = directoryIn(stateDir);
  const file = join(directory, `${["authority", ...fileNamePart(apart?.host)].join("-")}.pem`);
  const permitted = apart?.permitted;
  let made: { readonly text: string; readonly bundle: Bundle } | undefined;
  try {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const text = readIfThere(file);
      if (made !== undefined && text === made.text) return made.bundle;
      const found = text === undefined ? undefined : parse(text, now, permitted);
      if (found?.standard !== undefined && covers(found.standard.certificate, names)) {
        return { authority: found.authority, standard: found.standard.identity };
      }

      if (text === undefined) prepare(stateDir, directory);
      const authority = found?.authority ?? mintAuthority(now, permitted);
      const standard = mintLeaf(authority, names, now);
      const bundle = { authority, standard };
      made = { text: format(bundle), bundle };
      place(file, made.text, { mode: 0o600, onlyIfAbsent: text === undefined });
    }
  } catch (cause) {
    if (cause instanceof WsgwError) throw cause; // the state directory itself cannot be created
    throw failure(directory, whyNotWritten(cause, directory), cause);
  }
  throw failure(directory, "another process keeps replacing them");
}

/** Writes the certificates that clients of these authorities trust into a file, and returns its path. */
export function keepTrust(
  stateDir: string,
  authorities: readonly Identity[],
  hosts: readonly (string | undefined)[] = [],
): string {
  const directory = directoryIn(stateDir);
  const file = join(directory, `${["ca", ...hosts.flatMap(fileNamePart)].join("-")}.pem`);
  const trusted = authorities.map(({ certificate }) => certificate).join("");
  try {
    if (readIfThere(file) !== trusted) place(file, trusted, PUBLIC);
  } catch (cause) {
    throw failure(directory, whyNotWritten(cause, directory), cause);
  }
  return file;
}

/** Windows does not allow colons in file names. */
function fileNamePart(host: string | undefined): readonly string[] {
  return host === undefined ? [] : [host.replaceAll(":", "_")];
}

function directoryIn(stateDir: string): string {
  return join(stateDir, "certificates");
}

function failure(directory: string, why: string, cause?: unknown): WsgwError {
  const message = `wsgw cannot use the certificates in ${directory}: ${why}.`;
  return new WsgwError("CERTIFICATE_FAILED", message, { cause });
}

function prepare(stateDir: string, directory: string): void {
  makeStateDirectory(stateDir);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

const PUBLIC = { mode: 0o644, onlyIfAbsent: false };

/** Puts a file in its place atomically. */
function place(
  file: string,
  text: string,
  { mode, onlyIfAbsent }: { readonly mode: number; readonly onlyIfAbsent: boolean },
): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, text, { mode, flag: "wx" });
    if (!onlyIfAbsent || !linked(draft, file)) renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Unlike a rename, a link does not replace an existing file. False if the file system has no links. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    return errorCode(error) === "EEXIST";
  }
}

function format({ authority, standard }: Bundle): string {
  return authority.certificate + authority.key + standard.certificate + standard.key;
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n/g;

/** An identity, and its certificate in parsed form. */
type Checked = { readonly identity: Identity; readonly certificate: X509Certificate };

/** Undefined without a usable authority; without `standard` if only that must be renewed. */
function parse(
  text: string,
  now: number,
  permitted: readonly string[] | undefined,
): { readonly authority: Identity; readonly standard: Checked | undefined } | undefined {
  const [caCertificate, caKey, certificate, key] = text.match(BLOCK) ?? [];
  if (caCertificate === undefined || caKey === undefined) return undefined;
  const authority = { certificate: caCertificate, key: caKey };
  const issuer = usable(authority, authority, now);
  if (issuer === undefined || !vouchesFor(issuer.certificate, permitted)) return undefined;

  const standard =
    certificate === undefined || key === undefined
      ? undefined
      : usable({ certificate, key }, authority, now);
  return { authority, standard };
}

/** The identity, if its certificate matches its key and issuer and stays valid for a while. */
function usable(identity: Identity, issuer: Identity, now: number): Checked | undefined {
  const certificate = matching(identity, issuer);
  return certificate !== undefined &&
    Date.parse(certificate.validFrom) <= now &&
    !isRenewed(Date.parse(certificate.validTo), now)
    ? { identity, certificate }
    : undefined;
}

/**
 * Certificates that match their key and issuer, by all three. A test run starts hundreds of gateways with the
 * same files, and the check takes longer than most of a start.
 */
const known = new Map<string, X509Certificate>();
const MOST_KNOWN = 100;

/** The certificate, if it matches its key and issuer. */
function matching(identity: Identity, issuer: Identity): X509Certificate | undefined {
  const id = `${identity.certificate}${identity.key}${issuer.certificate}`;
  const found = known.get(id);
  if (found !== undefined) return found;
  try {
    const certificate = new X509Certificate(identity.certificate);
    const { publicKey } = new X509Certificate(issuer.certificate);
    if (!certificate.verify(publicKey)) return undefined;
    if (!certificate.checkPrivateKey(createPrivateKey(identity.key))) return undefined;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(id, certificate);
    return certificate;
  } catch {
    return undefined; // certificate or key is missing
  }
}

function covers(certificate: X509Certificate, names: readonly string[]): boolean {
  return names.every(
    (name) =>
      (isAddress(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined,
  );
}
