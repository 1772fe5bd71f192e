// @ts-check
import { generateKeyPairSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const DAY_MS = 86_400_000;

/**
 * Writes a self-signed EC certificate for `localhost`, valid for two days, into `directory`.
 * Encodes it itself so that the floor needs neither openssl nor a certificate package.
 * @param {string} directory
 * @returns {{ certificate: string, key: string }} the two files
 */
export function writeCertificate(directory) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const ecdsaWithSha256 = sequence(der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  const name = sequence(
    der(0x31, sequence(objectId("550403"), der(0x0c, Buffer.from("localhost")))),
  );
  const tbs = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    sequence(utcTime(now - DAY_MS), utcTime(now + DAY_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        extension("551d13", sequence(der(0x01, Buffer.of(0xff)))), // basicConstraints: a CA
        extension("551d11", sequence(der(0x82, Buffer.from("localhost")))), // subjectAltName
      ),
    ),
  );
  const signature = sign("sha256", tbs, privateKey);
  const whole = sequence(tbs, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.of(0), signature])));

  const files = {
    certificate: join(directory, "floor-cert.pem"),
    key: join(directory, "floor-key.pem"),
  };
  writeFileSync(files.certificate, pem("CERTIFICATE", whole));
  writeFileSync(files.key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return files;
}

/** @param {number} tag @param {Buffer} content @returns {Buffer} */
function der(tag, content) {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), content]);
}

/** @param {Buffer[]} parts */
function sequence(...parts) {
  return der(0x30, Buffer.concat(parts));
}

/** @param {number} value */
function integer(value) {
  return der(0x02, Buffer.of(value));
}

/** @param {string} hex the identifier's encoded bytes */
function objectId(hex) {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** @param {string} hex @param {Buffer} value */
function extension(hex, value) {
  return sequence(objectId(hex), der(0x04, value));
}

/** @param {number} at epoch ms */
function utcTime(at) {
  const digits = new Date(at).toISOString().replace(/\D/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** @param {string} label @param {Buffer} bytes */
function pem(label, bytes) {
  const lines = bytes.toString("base64").replace(/(.{64})/g, "$1\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
