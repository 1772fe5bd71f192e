import { createSecureContext, type SecureContext } from "node:tls";
import { type Apart, type Bundle, keepBundle, keepTrust } from "./kept-certificates.ts";
import {
  type Identity,
  isPermitted,
  isPermittedName,
  mintAuthority,
  mintLeaf,
} from "./mint-certificate.ts";

export type Certificates = {
  /** The authority's certificate, and that of the domain's own: who trusts them trusts every server of this gateway. */
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
  /**
   * Domains of the user's that this gateway answers for. Each gets an authority of its own, so that the
   * one that people may have trusted in their browsers stays as it is.
   */
  readonly domains?: readonly string[];
  /**
   * What other machines call this one. Where the usual authority may not vouch for that, it gets an
   * authority of its own too, and the certificate for clients that name no server is from that.
   */
  readonly publicHost?: string | undefined;
  /** Epoch ms by the machine's own clock, since clients go by that. */
  readonly now: number;
}): Certificates {
  const { stateDir, now, domains = [], publicHost } = options;
  const apart = publicHost === undefined || isPermitted(publicHost) ? undefined : publicHost;
  // One name that the authority may not vouch for would spoil the certificate for all the others.
  const asked = [...(options.names ?? []), ...(publicHost === undefined ? [] : [publicHost])];
  const names = [...new Set([...ALWAYS, ...asked.filter(isPermitted)])];
  /** An authority, the usual one or that of one host, and its certificate for these names. */
  const bundleFor = (covered: readonly string[], host?: Apart): Bundle => {
    if (stateDir !== undefined) return keepBundle(stateDir, covered, now, host);
    const authority = mintAuthority(now, host?.permitted);
    return { authority, standard: mintLeaf(authority, covered, now) };
  };
  const bundle = bundleFor(names);
  const own = new Map(
    domains.map((domain) => [domain, bundleFor([domain], { host: domain, permitted: [domain] })]),
  );
  const outer =
    apart !== undefined
      ? bundleFor([...names, apart], { host: apart, permitted: [apart, "localhost"] })
      : undefined;
  const { authority } = bundle;
  const { standard } = outer ?? bundle;
  const authorities = [bundle, ...own.values(), outer].flatMap((each) => each?.authority ?? []);
  const contexts = new Map<string, SecureContext>();
  const ownContexts = new Map(
    [...own].map(([domain, { standard }]) => [domain, contextOf(standard)]),
  );

  return {
    caPem: authorities.map(({ certificate }) => certificate).join(""),
    caFile:
      stateDir === undefined ? undefined : keepTrust(stateDir, authorities, [...domains, apart]),
    standard,
    secureContext(serverName) {
      const name = serverName.toLowerCase();
      const found = ownContexts.get(name) ?? contexts.get(name);
      if (found !== undefined) return found;
      if (names.includes(name) || !isPermittedName(name)) return undefined;

      const context = contextOf(mintLeaf(authority, [name], now));
      if (contexts.size >= MOST_CONTEXTS) contexts.clear();
      contexts.set(name, context);
      return context;
    },
  };
}

/** No authorities, as in `port.ts`. */
function contextOf({ certificate, key }: Identity): SecureContext {
  return createSecureContext({ cert: certificate, key, ca: [] });
}
