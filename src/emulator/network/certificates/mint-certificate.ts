import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIPv4 } from "node:net";
import {
  bitString,
  explicit,
  implicit,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  TRUE,
  time,
  utf8,
} from "./der.ts";
import { PERMITTED_NAMES, PERMITTED_NETWORKS } from "./permitted-hosts.ts";

/** A certificate with its private key, both in PEM. */
export type Identity = { readonly certificate: string; readonly key: string };

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Apple's systems reject server certificates that are valid for more than 825 days. */
const LEAF_DAYS = 397;
/** Clocks of containers and virtual machines may be slow. */
const BACKDATED_DAYS = 1;

/** Whether an authority, perhaps created by an older wsgw, permits these names. */
export function vouchesFor(
  authority: X509Certificate,
  names: readonly string[] = PERMITTED_NAMES,
): boolean {
  return names.every((name) => authority.raw.includes(permission(name)));
}

/**
 * Creates a certificate authority that is limited to this machine, private networks and AWS hosts, so that a
 * stolen key cannot impersonate others. With `names` it permits those instead of AWS hosts.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
 */
export function mintAuthority(now: number, names: readonly string[] = PERMITTED_NAMES): Identity {
  const name = `wsgw local authority ${randomBytes(4).toString("hex")}`;
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return certificate({
    subject: name,
    publicKey,
    key: privateKey,
    issuer: name,
    issuerKey: privateKey,
    now,
    days: AUTHORITY_DAYS,
    extensions: [
      extension("2.5.29.19", true, sequence(TRUE, integer(Buffer.from([0])))), // CA without intermediate CAs
      extension("2.5.29.15", true, bitString(Buffer.from([0x06]), 1)), // signs certificates and CRLs
      extension("2.5.29.14", false, octetString(keyId(publicKey))),
      extension("2.5.29.30", true, nameConstraints(names)),
    ],
  });
}

/** Creates a server certificate for these DNS names (also `*.…`) and IP addresses. */
export function mintLeaf(authority: Identity, names: readonly string[], now: number): Identity {
  const issuer = new X509Certificate(authority.certificate);
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return certificate({
    subject: "wsgw local server",
    publicKey,
    key: privateKey,
    issuer: issuer.subject.replace(/^CN=/, ""),
    issuerKey: createPrivateKey(authority.key),
    now,
    days: LEAF_DAYS,
    extensions: [
      extension("2.5.29.19", true, sequence()), // not a CA
      extension("2.5.29.15", true, bitString(Buffer.from([0x80]), 7)), // signs handshakes
      extension("2.5.29.37", false, sequence(objectId("1.3.6.1.5.5.7.3.1"))), // TLS server
      extension("2.5.29.14", false, octetString(keyId(publicKey))),
      extension("2.5.29.35", false, sequence(implicit(0, keyId(issuer.publicKey)))),
      extension("2.5.29.17", false, sequence(...names.map(alternativeName))),
    ],
  });
}

function certificate(parts: {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly key: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly now: number;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}): Identity {
  const algorithm = sequence(objectId("1.2.840.10045.4.3.2")); // ECDSA with SHA-256
  const from = parts.now - BACKDATED_DAYS * DAY_MS;
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    commonName(parts.issuer),
    sequence(time(new Date(from)), time(new Date(from + parts.days * DAY_MS))),
    commonName(parts.subject),
    parts.publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...parts.extensions)),
  );
  const signature = bitString(sign("sha256", content, parts.issuerKey));
  return {
    certificate: pem("CERTIFICATE", sequence(content, algorithm, signature)),
    key: parts.key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId("2.5.4.3"), utf8(name))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [TRUE] : []), octetString(value));
}

function nameConstraints(permitted: readonly string[]): Buffer {
  const names = permitted.map(permission);
  const networks = PERMITTED_NETWORKS.map((hex) => sequence(implicit(7, Buffer.from(hex, "hex"))));
  return sequence(explicit(0, ...names, ...networks));
}

/** A name with its subdomains, or one address. */
function permission(host: string): Buffer {
  if (!isAddress(host)) return sequence(implicit(2, Buffer.from(host)));
  const bytes = addressBytes(host);
  return sequence(implicit(7, Buffer.from([...bytes, ...bytes.map(() => 0xff)])));
}

function alternativeName(name: string): Buffer {
  return isAddress(name)
    ? implicit(7, Buffer.from(addressBytes(name)))
    : implicit(2, Buffer.from(name));
}

/** Whether a host is an address. Node's own check takes 5 ms on first use, at every start. */
export function isAddress(host: string): boolean {
  return /:|\.\d+$/.test(host);
}

/** Four bytes or sixteen; `::` expands to the missing zero groups. */
function addressBytes(address: string): number[] {
  if (isIPv4(address)) return address.split(".").map(Number);
  const [left = "", right] = address.split("::");
  const before = left.split(":").filter(Boolean);
  const after = (right ?? "").split(":").filter(Boolean);
  const zeros = new Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff]);
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
