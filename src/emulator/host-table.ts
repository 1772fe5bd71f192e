import type { LocalProject } from "../definition/local-project.ts";
import type { Meanings } from "../definition/resolve.ts";
import { fieldOf, listOf } from "../values/json.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import { apiIdOf } from "./local-ids.ts";
import {
  AWS_DOMAINS,
  executeApiHost,
  type HostTable,
  type Network,
} from "./network/rules/hosts.ts";
import { localName, urlHost } from "./network/rules/public-host.ts";
import type { EmulatorSettings, GatewayUrls } from "./options.ts";
import { USER_POOLS } from "./tokens/rules/user-pool.ts";

/** The APIs of a project as gateways serve them; the default API is first. */
export function servedApis(
  { apis }: Pick<LocalProject, "apis">,
  root: string,
): readonly [ServedApi, ...ServedApi[]] {
  const [first, ...others] = Object.values(apis).map((api) => ({
    ...api,
    apiId: apiIdOf(root, api.name),
  }));
  if (first === undefined) throw new Error("a checked project has an API");
  return [first, ...others];
}

/** The local values of a project's references. */
export function meaningsOf({
  root,
  region,
  accountId,
}: Pick<EmulatorSettings, "root" | "region" | "accountId">): Meanings & { readonly root: string } {
  const idOf = ({ name }: { readonly name: string }) => apiIdOf(root, name);
  return { root, region, accountId, idOf, hostOf: (api) => executeApiHost(idOf(api), region) };
}

/** The host names of a project's APIs. */
export function hostsOf(apis: readonly ServedApi[], region: string): HostTable {
  return {
    region,
    apis: apis.map(({ apiId, customDomain, hosts }) => ({
      apiId,
      customDomain: customDomain?.name,
      hosts,
    })),
  };
}

/**
 * The domains of APIs that are not AWS's; other errors in their definitions are ignored. Each needs its own
 * certificate authority.
 */
export function domainsOf(apis: readonly unknown[]): readonly string[] {
  const names = apis.flatMap((api) => {
    return [fieldOf(fieldOf(api, "customDomain"), "name"), ...listOf(fieldOf(api, "hosts"))].filter(
      (name) => typeof name === "string",
    );
  });
  return [...new Set(names)].filter(
    (name) =>
      /^[a-z0-9.-]+$/.test(name) && !AWS_DOMAINS.some((domain) => name.endsWith(`.${domain}`)),
  );
}

/** Where the connections of a project's functions go. */
export function networkOf(
  hosts: HostTable,
  endpoints: LocalProject["endpoints"],
  {
    host,
    publicHost,
    allowAws,
    issuers,
  }: Pick<EmulatorSettings, "host" | "publicHost" | "allowAws" | "issuers">,
  port: number,
): Network {
  return {
    ...hosts,
    address: { host: localAddress(host), port },
    publicHost,
    standIns: [...Object.keys(endpoints), ...(issuers.length > 0 ? [USER_POOLS] : [])],
    allowAws,
  };
}

/** The gateway's own host: its public name, else its local name. */
export function nameOfGateway({
  host,
  publicHost,
}: Pick<EmulatorSettings, "host" | "publicHost">): string {
  return publicHost ?? localName(host);
}

/** The URLs of a path at a gateway with the name `host`. */
export function urlsOf(host: string, port: number, path: string): GatewayUrls {
  const address = `${urlHost(host)}:${port}/${path}`;
  return {
    url: `ws://${address}`,
    secureUrl: `wss://${address}`,
    managementUrl: `http://${address}`,
  };
}

/** A wildcard address is not one to connect to. */
function localAddress(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}
