import type { ChalkInstance } from "chalk";
import type { Authority } from "../../src/app.ts";

/** Instructions for programs other than handlers that must trust the gateway. */
export function trustGuide(authority: Authority, paint: ChalkInstance): readonly string[] {
  const { file, names, fingerprints, validUntil } = authority;
  const quoted = /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
  const facts = [
    ["File", paint.cyan(file)],
    ...names.flatMap((name, at) => [
      ["Name", name],
      ["SHA-256", fingerprints[at] ?? ""],
    ]),
    ["Valid until", new Date(validUntil).toISOString().slice(0, 10)],
  ] as const;
  return [
    "",
    ...facts.map(([name = "", value = ""]) => row(name, value, paint)),
    "",
    "  It is valid for this machine, private networks, hosts of AWS and your custom domain, and for",
    "  nothing else. Handlers trust it automatically. wsgw does not install it; other programs trust it like this:",
    "",
    ...HOW.flatMap(([tool, ...lines]) =>
      lines.map((line, at) =>
        row(
          at === 0 ? tool : "",
          line.replaceAll("{file}", () => quoted),
          paint,
        ),
      ),
    ),
    "",
  ];
}

const WIDTH = 14;

/** `{file}` is replaced by the quoted path. */
const HOW = [
  ["curl", "curl --cacert {file} https://localhost:3001/"],
  ["Node", "NODE_EXTRA_CA_CERTS={file} node client.js"],
  [
    "Python",
    "SSL_CERT_FILE={file} python client.py",
    "REQUESTS_CA_BUNDLE={file} python client.py",
    "The first is for ssl, httpx and websockets, the second for requests.",
    "Both replace the authorities that Python trusts by default.",
  ],
  ["AWS CLI", "AWS_CA_BUNDLE={file} aws …"],
  [
    "Java",
    "keytool -importcert -noprompt -alias wsgw -file {file} -keystore wsgw.p12 -storepass changeit",
    "java -Djavax.net.ssl.trustStore=wsgw.p12 -Djavax.net.ssl.trustStorePassword=changeit …",
  ],
  ["Firefox", "Settings, Privacy & Security, View Certificates, Authorities, Import"],
  ["Chrome, Edge", "Settings, Privacy and security, Security, Manage certificates, Import"],
  ["Safari", "open it in Keychain Access, and set it to Always Trust"],
] as const;

function row(name: string, value: string, paint: ChalkInstance): string {
  return `  ${paint.dim(name.padEnd(WIDTH))}${value}`.trimEnd();
}
