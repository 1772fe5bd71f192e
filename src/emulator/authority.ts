import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { findRunning } from "../project-directory/running.ts";
import type { ProjectSource } from "../readers/load-definition.ts";
import { fieldOf } from "../values/json.ts";
import { domainsOf } from "./host-table.ts";
import { loadDefinition } from "./load-project.ts";
import { loadCertificates } from "./network/certificates/certificates.ts";
import { findPublicHost } from "./public-host-option.ts";

/** The certificate authority of a project's gateways. */
export type Authority = {
  /** PEM file with everything that a client must trust. */
  readonly file: string;
  /** Common names; a custom domain has its own authority. */
  readonly names: readonly string[];
  /** SHA-256, as pairs of hex digits; in the order of the names. */
  readonly fingerprints: readonly string[];
  /** Epoch ms at which the first of them expires. */
  readonly validUntil: number;
};

/**
 * Finds the authority of the project at or above `cwd`, and creates it if the project has none yet. Throws
 * CONFIG_NOT_FOUND, CERTIFICATE_FAILED, or PUBLIC_HOST_UNUSABLE for an invalid host.
 */
export async function findAuthority(
  options: ProjectSource & {
    /** As for `startDev`. Default: that of the project's running gateway, if any. */
    readonly publicHost?: string;
  },
): Promise<Authority> {
  const { root, definition, stateDir } = await loadDefinition({
    ...options,
    regionFrom: process.env,
  });
  const running = await findRunning(root, options.stateDir && stateDir);
  const publicHost = findPublicHost(options.publicHost) ?? running[0]?.publicHost;
  const { caFile = "" } = loadCertificates({
    stateDir,
    domains: domainsIn(definition),
    publicHost,
    now: Date.now(),
  });
  const certificates = readFileSync(caFile, "utf8")
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .map((pem) => new X509Certificate(pem));
  return {
    file: caFile,
    names: certificates.map(({ subject }) => subject.replace(/^CN=/, "")),
    fingerprints: certificates.map(({ fingerprint256 }) => fingerprint256),
    validUntil: Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))),
  };
}

/** The domains that need their own authorities; other errors in the definition are ignored. */
function domainsIn(definition: unknown): readonly string[] {
  const apis = Object.values(Object(fieldOf(definition, "apis")));
  return domainsOf(apis.length === 0 ? [definition] : apis);
}
