import { partitionOf, REGION } from "../../../definition/region.ts";

/** The names of the APIs that run here. */
export type HostTable = { readonly region: string; readonly apis: readonly ApiHosts[] };

export type ApiHosts = {
  readonly apiId: string;
  /** Name of the custom domain that leads to the API, to others too by their mapping keys. */
  readonly customDomain: string | undefined;
  /** Further hosts that lead to the API as its execute-api host does, in lower case. */
  readonly hosts: readonly string[];
};

/** What stands behind a host name. */
export type HostPlace =
  /** The execute-api host of an API that runs here, or one of its further hosts. */
  | { readonly kind: "execute-api"; readonly apiId: string }
  /** The path says which of the APIs on it is meant. */
  | { readonly kind: "custom-domain"; readonly name: string }
  | { readonly kind: "dynamodb" }
  | { readonly kind: "lambda" }
  /** Anything else of AWS, by the name in its hosts: `s3`, `sqs`, `execute-api` for APIs that run elsewhere. */
  | { readonly kind: "service"; readonly service: string }
  /** Not AWS: this machine, a private network, the internet. */
  | { readonly kind: "elsewhere" };

/** Where a function's connections go. */
export type Network = HostTable & {
  /** Where the gateway listens. */
  readonly address: { readonly host: string; readonly port: number };
  /** What the gateway is called in its URLs, where that is not `localhost`. */
  readonly publicHost?: string | undefined;
  /** Services that something stands in for, besides those of the gateway itself. */
  readonly standIns: readonly string[];
  /** Calls that nothing here answers may leave the machine. */
  readonly allowAws: boolean;
};

export type Way =
  /** Wherever the code wanted to go. */
  | { readonly kind: "straight" }
  /** To the gateway, which knows by the name what is meant. */
  | { readonly kind: "gateway" }
  /** Nowhere: what was meant for a host is the rest of an endpoint without a scheme. */
  | { readonly kind: "no-scheme" }
  /** Nowhere: the gateway does not speak what is spoken at this port. */
  | { readonly kind: "stopped"; readonly service: string };

/**
 * The domains under which AWS's services answer, those of China and of Europe's own cloud too.
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export const AWS_DOMAINS = [
  "amazonaws.com",
  "amazonaws.com.cn",
  "amazonaws.eu",
  "api.aws",
  "api.amazonwebservices.com.cn",
] as const;

const HTTP_PORTS: ReadonlySet<number> = new Set([80, 443]);

/** Tells what a host name, with or without a port, stands for. */
export function placeOfHost(table: HostTable, host: string): HostPlace {
  const name = nameOf(host);
  for (const { apiId, customDomain, hosts } of table.apis) {
    if (name === customDomain) return { kind: "custom-domain", name };
    if (hosts.includes(name)) return { kind: "execute-api", apiId };
  }
  const labels = awsLabels(name);
  if (labels === undefined) return { kind: "elsewhere" };

  const service = serviceOf(labels);
  if (service === "dynamodb" || service === "lambda") return { kind: service };
  const own = service === "execute-api" ? ownApi(table, labels) : undefined;
  if (own !== undefined) return { kind: "execute-api", apiId: own.apiId };
  return { kind: "service", service };
}

/** Whether a host is one of the APIs that run here. */
export function isOwnHost(table: HostTable, host: string): boolean {
  const { kind } = placeOfHost(table, host);
  return kind === "execute-api" || kind === "custom-domain";
}

/** Tells where a connection that a function opens is to lead. */
export function wayTo(network: Network, host: string, port: number): Way {
  if (isPort(host)) return { kind: "no-scheme" };
  // Asking for `localhost` costs a look-up, and an answer of ::1 a second try.
  // A public name may even be one that only others know.
  const own = nameOf(host) === "localhost" || host.toLowerCase() === network.publicHost;
  if (port === network.address.port && own) return { kind: "gateway" };
  const place = placeOfHost(network, host);
  if (place.kind === "elsewhere") return { kind: "straight" };
  if (place.kind !== "service" || network.standIns.includes(place.service)) {
    return { kind: "gateway" };
  }
  if (network.allowAws) return { kind: "straight" };
  if (!HTTP_PORTS.has(port)) return { kind: "stopped", service: place.service };
  return { kind: "gateway" };
}

/**
 * URLs take `localhost:` in `localhost:3001/dev` for a scheme, SDKs what follows for a host, and systems a number for
 * an address such as 0.0.11.185, which is somebody else's.
 */
function isPort(host: string): boolean {
  return /^\d{1,5}$/.test(host) && Number(host) > 0;
}

/** The host that API Gateway gives an API. */
export function executeApiHost(apiId: string, region: string): string {
  return `${apiId}.execute-api.${region}.${partitionOf(region).domain}`;
}

/** The region that a host of AWS's names; undefined where it names none. */
export function regionOfHost(host: string): string | undefined {
  return awsLabels(nameOf(host))?.find((label) => REGION.test(label));
}

/** A host as one compares it: in lower case, without a port and without the dot of the root. */
export function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
}

/** The labels before AWS's domain; undefined for a name outside, and for the bare domains, which are web sites. */
function awsLabels(name: string): readonly string[] | undefined {
  const domain = AWS_DOMAINS.find((known) => name.endsWith(`.${known}`));
  return domain === undefined ? undefined : name.slice(0, -domain.length - 1).split(".");
}

/** Say how a service is reached, not which it is. */
const MODIFIERS: ReadonlySet<string> = new Set(["dualstack", "vpce"]);

/**
 * The service is named by the last label that is neither a region nor a modifier: a bucket, an account
 * or an API stands before it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.html account-based endpoints
 */
function serviceOf(labels: readonly string[]): string {
  const telling = labels.filter((label) => !REGION.test(label) && !MODIFIERS.has(label));
  const name = (telling.at(-1) ?? labels.at(-1) ?? "").replace(/-fips$/, "");
  const isRegional = name.startsWith("s3-") && REGION.test(name.slice("s3-".length));
  if (isRegional || S3.test(name)) return "s3";
  if (name === "dynamodb" && telling.at(-2) === "streams") return "streams.dynamodb";
  return OTHER_NAMES[name] ?? name;
}

/** Not `s3-control` or `s3-outposts`, which are APIs of their own. */
const S3 = /^s3(express.*|-(accelerate|accesspoint|external-1|website.*))?$/;

const OTHER_NAMES: Readonly<Record<string, string>> = { ddb: "dynamodb", queue: "sqs" };

function ownApi({ region, apis }: HostTable, labels: readonly string[]): ApiHosts | undefined {
  if (labels.length !== 3 || labels[2] !== region) return undefined;
  return apis.find(({ apiId }) => labels[0] === apiId.toLowerCase());
}
