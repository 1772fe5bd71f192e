import { createSecureContext, type SecureContext } from "node:tls";
import { type Apart, type Bundle, keepBundle, keepTrust } from "./kept-certificates.ts";
import { type Identity, mintAuthority, mintLeaf } from "./mint-certificate.ts";
import { isPermitted, isPermittedName, needsOwnAuthority } from "./permitted-hosts.ts";

export type Certificates = {
  /**
   * The certificates of the authority and of custom domains: clients that trust them trust every server of
   * this gateway.
   */
  readonly caPem: string;
  /** The file with `caPem`; undefined if nothing is kept on disk. */
  readonly caFile: string | undefined;
  /** For clients that send no server name, or one outside the authority's constraints. */
  readonly standard: Identity;
  /** The certificate for a server name; undefined for `standard`. */
  secureContext(serverName: string): SecureContext | undefined;
};

const ALWAYS = ["localhost", "127.0.0.1", "::1"];
const MOST_CONTEXTS = 200;

/**
 * Contexts by server name and authority. A test run starts hundreds of gateways of one project, whose clients
 * use the same names.
 */
const contexts = new Map<string, SecureContext>();

/**
 * Loads the gateway's certificates from `certificates/` in `stateDir`, the project's `.wsgw`, and creates
 * what is missing, invalid or about to expire. Without a `stateDir` they exist only in memory.
 */
export function loadCertificates(options: {
  readonly stateDir: string | undefined;
  /**
   * Additional names and addresses of this gateway; once in the kept certificate, they cost nothing later.
   */
  readonly names?: readonly string[];
  /** The execute-api hosts of the project's APIs, which the standard certificate covers too if it can. */
  readonly apiHosts?: readonly string[];
  /**
   * The user's domains that this gateway serves. Each gets its own authority, so that the one that users may
   * have added to their browsers stays unchanged.
   */
  readonly domains?: readonly string[];
  /**
   * This machine's name for other machines. If the default authority's constraints exclude it, it gets its
   * own authority, which also signs the certificate for clients without a server name.
   */
  readonly publicHost?: string | undefined;
  /** Epoch ms of the machine's clock, because clients use that. */
  readonly now: number;
}): Certificates {
  const { stateDir, now, domains = [], publicHost, apiHosts = [] } = options;
  const apart = needsOwnAuthority(publicHost) ? publicHost : undefined;
  // One name outside the constraints would make the certificate invalid for all others.
  const asked = [
    ...(options.names ?? []),
    ...(publicHost === undefined ? [] : [publicHost]),
    ...(apart === undefined ? apiHosts : []),
  ];
  const names = [...new Set([...ALWAYS, ...asked.filter(isPermitted)])];
  /** An authority, the default one or that of one host, and its certificate for these names. */
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
      const ofDomain = ownContexts.get(name);
      if (ofDomain !== undefined) return ofDomain;
      if (names.includes(name) || !isPermittedName(name)) return undefined;

      const id = `${name} ${authority.certificate}`;
      const found = contexts.get(id);
      if (found !== undefined) return found;
      const context = contextOf(mintLeaf(authority, [name], now));
      if (contexts.size >= MOST_CONTEXTS) contexts.clear();
      contexts.set(id, context);
      return context;
    },
  };
}

/** No authorities, as in `port.ts`. */
function contextOf({ certificate, key }: Identity): SecureContext {
  return createSecureContext({ cert: certificate, key, ca: [] });
}
