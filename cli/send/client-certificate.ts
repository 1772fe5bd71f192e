import { WsgwError } from "../../src/app.ts";
import { readText } from "../terminal/read-text.ts";

export type CertificateFiles = {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly passphrase: string | undefined;
};

/** The certificate that the client presents to the server, in PEM. */
export type ClientCertificate = { readonly cert: string; readonly key: string };

/**
 * Reads the PEM files on the command line and checks them: OpenSSL would report a wrong one in its own words
 * during the handshake. Throws USAGE with all errors.
 */
export async function readCertificates(
  files: CertificateFiles,
): Promise<ClientCertificate | undefined> {
  const { caFile, certFile, keyFile, passphrase } = files;
  const { createPrivateKey, X509Certificate } = await import("node:crypto");
  const read = (file: string | undefined) => (file === undefined ? undefined : readText(file));
  const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)]);
  const problems: string[] = [];

  const certificateIn = (pem: string | undefined, option: string) => {
    if (pem === undefined) return undefined;
    const found = attempt(() => new X509Certificate(pem));
    if (found === undefined) problems.push(`${option} does not contain a PEM certificate.`);
    return found;
  };
  const keyIn = (pem: string | undefined) => {
    if (pem === undefined) return undefined;
    const found = attempt(() => createPrivateKey({ key: pem, passphrase: passphrase ?? "" }));
    if (found === undefined) problems.push(noKey(pem, keyFile, passphrase));
    return found;
  };

  certificateIn(ca, `--ca ${caFile}`);
  const certificate = certificateIn(cert, `--cert ${certFile}`);
  const privateKey = keyIn(key);
  if (certificate !== undefined && privateKey !== undefined) {
    const belongs = certificate.checkPrivateKey(privateKey);
    if (!belongs) problems.push(`The key in ${keyFile} does not match ${certFile}.`);
  }
  if (problems.length > 0) throw new WsgwError("USAGE", problems.join("\n"));
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function noKey(pem: string, file: string | undefined, passphrase: string | undefined): string {
  if (!/ENCRYPTED/.test(pem)) return `--key ${file} does not contain a PEM private key.`;
  return passphrase === undefined
    ? `The key in ${file} is encrypted. Pass its passphrase with --passphrase.`
    : `--passphrase does not decrypt ${file}.`;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
