import { createRequire } from "node:module";
import { findCredentials } from "./iam/credential-sources.ts";
import type { Keys } from "./iam/keys.ts";
import { pemIn, writeCaBundle } from "./network/certificates/ca-bundle.ts";
import { type ConnectProxy, startConnectProxy } from "./network/connect-proxy.ts";
import { type HostTable, isOwnHost, type Network } from "./network/rules/aws-hosts.ts";
import { programNetwork } from "./network/rules/program-network.ts";

type Variables = Readonly<Record<string, string>>;

/** What leads the calls of programs that wsgw did not make, such as a front end, to the project's own APIs. */
export type OwnHosts = {
  /**
   * Variables for a program that starts in `env`. Its connections to the hosts of the project's APIs come here, all
   * others go where they want to. What `env` sets already stays.
   */
  environmentFor(env: Readonly<Record<string, string | undefined>>): Promise<Variables>;
  stop(): Promise<void>;
};

/** What the preload of Node's programs reads. */
export type OwnHostsMessage = { readonly hosts: HostTable; readonly address: Network["address"] };

/** Variable with the message for the preload. */
const OWN_HOSTS_VARIABLE = "WSGW_OWN_HOSTS";

/** Nothing is started or written before the first program asks. */
export function createOwnHosts(parts: {
  readonly stateDir: string;
  readonly caPem: string;
  readonly hosts: HostTable;
  readonly address: Network["address"];
  readonly keys: Keys;
}): OwnHosts {
  const { stateDir, caPem, hosts, address, keys } = parts;
  let opened: Promise<ConnectProxy> | undefined;

  const open = () =>
    startConnectProxy((host) =>
      isOwnHost(hosts, host) ? { kind: "to", ...address } : { kind: "straight" },
    ).catch((error: unknown) => {
      opened = undefined; // the next program may have more luck
      throw error;
    });

  return {
    async environmentFor(env) {
      opened ??= open();
      const { url } = await opened;
      const extra = env.NODE_EXTRA_CA_CERTS;
      // Node says itself when the program starts that the file cannot be read.
      const trusted = writeCaBundle({ stateDir, caPem: `${caPem}${extra ? pemIn(extra) : ""}` });
      const message: OwnHostsMessage = { hosts, address };
      const preload = createRequire(import.meta.url).resolve("#own-hosts");
      const { variables, profiles, profile } = await findCredentials(env);
      // Without a name an SDK takes the profile called default, and no other.
      const hasKeys = variables.length > 0 || profile !== undefined || profiles.includes("default");
      return {
        ...unset(env, programNetwork({ caBundle: trusted, proxy: url })),
        ...(hasKeys ? {} : keyVariables(keys)),
        NODE_EXTRA_CA_CERTS: trusted,
        NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(preload)}`.trim(),
        [OWN_HOSTS_VARIABLE]: JSON.stringify(message),
      };
    },
    async stop() {
      await (await opened)?.stop();
    },
  };
}

/** A program that has keys of its own keeps them: the gateway looks at their form only. */
function keyVariables({ accessKeyId, secretAccessKey, sessionToken }: Keys): Variables {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

/** Variables of which a program takes one or another. */
const ALIKE: readonly (readonly string[])[] = [
  ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
  ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
  ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"],
];

/** A proxy or an authority that the user has set is there for a reason, under whichever name. */
function unset(env: Readonly<Record<string, string | undefined>>, variables: Variables): Variables {
  const isSet = (name: string) =>
    (ALIKE.find((names) => names.includes(name)) ?? [name]).some((each) => env[each]);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isSet(name)));
}
