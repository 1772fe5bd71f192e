import type { IncomingHttpHeaders } from "node:http";
import { type HostTable, nameOf, placeOfHost } from "../../network/rules/aws-hosts.ts";

/** A page or a name that the tables and functions are not for. */
export type ForeignCaller = { readonly header: "Host" | "Origin"; readonly value: string };

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Containers of Docker Desktop reach this machine's loopback by these names. */
const CONTAINERS: ReadonlySet<string> = new Set([
  "host.docker.internal",
  "gateway.docker.internal",
]);
const NO_API: HostTable = { region: "us-east-1", apis: [] };

/**
 * Says which header shows that a page of another site sends a request. No program sends `Origin`, and
 * a page whose name leads to this machine (DNS rebinding) sends its own name as `Host`.
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function foreignCaller(
  { host, origin }: IncomingHttpHeaders,
  service: "dynamodb" | "lambda" = "dynamodb",
): ForeignCaller | undefined {
  if (origin !== undefined && !isOwnOrigin(origin)) return { header: "Origin", value: origin };
  if (host === undefined || !isOwnHost(host, service)) return { header: "Host", value: host ?? "" };
  return undefined;
}

/** What the caller and the log are told. */
export function foreignMessage(
  { header, value }: ForeignCaller,
  what: "functions" | "tables" = "tables",
): string {
  return `The ${what} of wsgw are for programs on this machine; a request with ${header}: ${value.slice(0, 200)} was refused.`;
}

function isOwnHost(host: string, service: "dynamodb" | "lambda"): boolean {
  const name = nameOf(host);
  return LOOPBACK.test(name) || CONTAINERS.has(name) || placeOfHost(NO_API, host).kind === service;
}

function isOwnOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.test(new URL(origin).hostname);
}
