import { createHash } from "node:crypto";
import type { Api } from "../definition/project.ts";
import { executeApiHost, type HostTable, type Network } from "./network/rules/aws-hosts.ts";
import { localName, urlHost } from "./network/rules/public-host.ts";
import type { EmulatorSettings, GatewayUrls } from "./options.ts";

/** What the API of a project is called. */
export function hostsOf(
  api: Api,
  { root, region }: Pick<EmulatorSettings, "root" | "region">,
): HostTable {
  return { apiId: apiIdOf(root, api.name), region, customDomain: api.customDomain?.name };
}

/** Where the connections of an API's functions go. */
export function networkOf(api: Api, settings: EmulatorSettings, port: number): Network {
  return {
    ...hostsOf(api, settings),
    address: { host: localAddress(settings.host), port },
    publicHost: settings.publicHost,
    standIns: Object.keys(api.endpoints),
    allowAws: settings.allowAws,
  };
}

/** What events carry as `domainName`; `own` is the gateway's own host and port. */
export function domainNameOf(api: Api, hosts: HostTable, own: string): string {
  if (api.customDomain !== undefined) return api.customDomain.name;
  return api.domainName === "execute-api" ? executeApiHost(hosts) : own;
}

/** Who the gateway says it is: the name for others if it has one, else what this machine calls it. */
export function nameOfGateway({ host, publicHost }: EmulatorSettings): string {
  return publicHost ?? localName(host);
}

/** The URLs of a gateway that is called `host`. */
export function urlsOf(host: string, port: number, stage: string): GatewayUrls {
  const address = `${urlHost(host)}:${port}/${stage}`;
  return {
    url: `ws://${address}`,
    secureUrl: `wss://${address}`,
    managementUrl: `http://${address}`,
  };
}

/** An address that listens on every network is none to connect to. */
function localAddress(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

/** Ten lower-case letters and digits, the same for a project every time. */
function apiIdOf(root: string, name: string): string {
  const digest = createHash("sha256").update(`${root}\n${name}`).digest("hex");
  return BigInt(`0x${digest}`).toString(36).slice(0, 10);
}
