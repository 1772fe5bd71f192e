import { createRequire } from "node:module";
import { findCredentials, hasCredentials } from "./iam/credential-names.ts";
import type { Keys } from "./iam/keys.ts";
import { pemIn, writeCaBundle } from "./network/certificates/ca-bundle.ts";
import { type ConnectProxy, startConnectProxy } from "./network/connect-proxy.ts";
import { type HostTable, isOwnHost, type Network } from "./network/rules/hosts.ts";
import { programNetwork } from "./network/rules/program-network.ts";
import { keepShellProxies } from "./network/rules/shell-proxies.ts";

type Variables = Readonly<Record<string, string>>;

/** Routes the calls of other programs, such as a front end, to the project's own APIs. */
export type OwnHosts = {
  /**
   * Variables for a program that starts in `env`. Its connections to the hosts of the project's APIs come
   * here, all others are unaffected. Variables that `env` already sets stay.
   */
  environmentFor(env: Readonly<Record<string, string | undefined>>): Promise<Variables>;
  stop(): Promise<void>;
};

/** The message to the preload of Node programs. */
export type OwnHostsMessage = { readonly hosts: HostTable; readonly address: Network["address"] };

/** Variable with the message for the preload. */
const OWN_HOSTS_VARIABLE = "WSGW_OWN_HOSTS";

/** Starts and writes nothing before the first program needs it. */
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
      opened = undefined; // the next program may succeed
      throw error;
    });

  return {
    async environmentFor(env) {
      opened ??= open();
      const { url } = await opened;
      const extra = env.NODE_EXTRA_CA_CERTS;
      // Node itself warns at program start that it cannot read the file.
      const trusted = writeCaBundle({ stateDir, caPem: `${caPem}${extra ? pemIn(extra) : ""}` });
      const message: OwnHostsMessage = { hosts, address };
      const preload = createRequire(import.meta.url).resolve("#own-hosts");
      const hasKeys = hasCredentials(await findCredentials(env));
      return {
        ...keepShellProxies(env, programNetwork({ caBundle: trusted, proxy: url })),
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

/** A program with its own keys keeps them: the gateway checks only their format. */
function keyVariables({ accessKeyId, secretAccessKey, sessionToken }: Keys): Variables {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}
