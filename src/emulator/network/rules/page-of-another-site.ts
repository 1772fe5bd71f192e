import type { IncomingHttpHeaders } from "node:http";
import { type HostTable, nameOf, placeOfHost } from "./hosts.ts";

/** Services for programs on this machine, but not for pages of other sites. */
type LocalService = keyof typeof WHAT;

/** A page or a name that may not use a service. */
export type ForeignCaller = {
  readonly service: LocalService;
  readonly header: "Host" | "Origin";
  readonly value: string;
};

const WHAT = { dynamodb: "tables", lambda: "functions" } as const;

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Docker Desktop containers reach this machine's loopback by these names. */
const CONTAINERS: ReadonlySet<string> = new Set([
  "host.docker.internal",
  "gateway.docker.internal",
]);
const NO_API: HostTable = { region: "us-east-1", apis: [] };

/**
 * Finds the header that shows that a page of another site sent a request. Programs send no `Origin`, and a
 * page whose name resolves to this machine (DNS rebinding) sends its own name as `Host`.
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function foreignCaller(
  { host, origin }: IncomingHttpHeaders,
  service: LocalService,
): ForeignCaller | undefined {
  if (origin !== undefined && !isOwnOrigin(origin)) {
    return { service, header: "Origin", value: origin };
  }
  if (host === undefined || !isOwnHost(host, service)) {
    return { service, header: "Host", value: host ?? "" };
  }
  return undefined;
}

/** The message for the caller and the log. */
export function foreignMessage({ service, header, value }: ForeignCaller): string {
  return `The ${WHAT[service]} of wsgw are for programs on this machine. wsgw rejected a request with ${header}: ${value.slice(0, 200)}.`;
}

function isOwnHost(host: string, service: LocalService): boolean {
  const name = nameOf(host);
  return LOOPBACK.test(name) || CONTAINERS.has(name) || placeOfHost(NO_API, host).kind === service;
}

function isOwnOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.test(new URL(origin).hostname);
}
