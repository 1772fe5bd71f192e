import { createSecureContext, type SecureContext } from "node:tls";
import { type Bundle, keepBundle } from "./kept-certificates.ts";
import { type Identity, isPermittedName, mintAuthority, mintLeaf } from "./mint-certificate.ts";

export type Certificates = {
  /** The authority's certificate: who trusts it trusts every server of this gateway. */
  readonly caPem: string;
  /** Where `caPem` also stands as a file; undefined when nothing is kept on disk. */
  readonly caFile: string | undefined;
  /** For clients that name no server, or one that the authority may not vouch for. */
  readonly standard: Identity;
  /** What a client that asks for this server is shown; undefined for `standard`. */
  secureContext(serverName: string): SecureContext | undefined;
};

const ALWAYS = ["localhost", "127.0.0.1", "::1"];
const MOST_CONTEXTS = 200;

/**
 * Loads the gateway's certificates from `certificates/` in `stateDir`, the project's `.wsgw`, and makes
 * there what is missing, broken or about to expire. Without a `stateDir` they live in memory only.
 */
export function loadCertificates(options: {
  readonly stateDir: string | undefined;
  /** Further names and addresses of this gateway; being on the kept certificate they cost nothing later. */
  readonly names?: readonly string[];
  /** Epoch ms by the machine's own clock, since clients go by that. */
  readonly now: number;
}): Certificates {
  const { stateDir, now } = options;
  const names = [...new Set([...ALWAYS, ...(options.names ?? [])])];
  const { authority, standard, caFile } =
    stateDir === undefined ? inMemory(names, now) : keepBundle(stateDir, names, now);
  const contexts = new Map<string, SecureContext>();

  return {
    caPem: authority.certificate,
    caFile,
    standard,
    secureContext(serverName) {
      const name = serverName.toLowerCase();
      if (names.includes(name) || !isPermittedName(name)) return undefined;
      const found = contexts.get(name);
      if (found !== undefined) return found;

      const leaf = mintLeaf(authority, [name], now);
      const context = createSecureContext({ cert: leaf.certificate, key: leaf.key });
      if (contexts.size >= MOST_CONTEXTS) contexts.clear();
      contexts.set(name, context);
      return context;
    },
  };
}

function inMemory(names: readonly string[], now: number): Bundle & { caFile: undefined } {
  const authority = mintAuthority(now);
  return { authority, standard: mintLeaf(authority, names, now), caFile: undefined };
}
