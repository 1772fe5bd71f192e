import { partitionOf, REGION } from "../../../definition/region.ts";

/** The host names of the APIs that run here. */
export type HostTable = { readonly region: string; readonly apis: readonly ApiHosts[] };

export type ApiHosts = {
  readonly apiId: string;
  /** The API's custom domain, which may lead to other APIs too, by mapping keys. */
  readonly customDomain: string | undefined;
  /** Additional hosts that work like the API's execute-api host, in lower case. */
  readonly hosts: readonly string[];
};

/** The target of a host name. */
export type HostPlace =
  /** The execute-api host of an API that runs here, or one of its additional hosts. */
  | { readonly kind: "execute-api"; readonly apiId: string }
  /** The path determines the API. */
  | { readonly kind: "custom-domain"; readonly name: string }
  | { readonly kind: "dynamodb" }
  | { readonly kind: "lambda" }
  /** Any other AWS host, by its service: `s3`, `sqs`, or `execute-api` for APIs that run elsewhere. */
  | { readonly kind: "service"; readonly service: string }
  /** Not AWS: this machine, a private network, the internet. */
  | { readonly kind: "elsewhere" };

/** A host of an AWS service that is not one of the project's APIs. */
export type AwsPlace = Extract<HostPlace, { readonly kind: "dynamodb" | "lambda" | "service" }>;

/** Where a function's connections go. */
export type Network = HostTable & {
  /** The gateway's address. */
  readonly address: { readonly host: string; readonly port: number };
  /** The gateway's name in its URLs, if it is not `localhost`. */
  readonly publicHost?: string | undefined;
  /** Services with a local endpoint, in addition to the gateway's own. */
  readonly standIns: readonly string[];
  /** Whether calls without a local endpoint may leave the machine. */
  readonly allowAws: boolean;
};

export type Way =
  /** The original destination. */
  | { readonly kind: "straight" }
  /** The gateway, which routes by the name. */
  | { readonly kind: "gateway" }
  /** Blocked: the host is the rest of an endpoint without a scheme. */
  | { readonly kind: "no-scheme" }
  /** Blocked: the gateway does not support the protocol of this port. */
  | { readonly kind: "stopped"; readonly service: string };

/**
 * The domains of AWS services, including those of China and the European sovereign cloud.
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

/** Resolves the target of a host name, with or without a port. */
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

/** Decides where a function's connection goes. */
export function wayTo(network: Network, host: string, port: number): Way {
  if (isPort(host)) return { kind: "no-scheme" };
  // `localhost` costs a lookup, and a second attempt if it resolves to ::1. A public name may be resolvable
  // only for others.
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
 * URLs read `localhost:` in `localhost:3001/dev` as a scheme, SDKs read the rest as a host, and systems read
 * a number as an address such as 0.0.11.185 of another network.
 */
function isPort(host: string): boolean {
  return /^\d{1,5}$/.test(host) && Number(host) > 0;
}

/** The host that API Gateway assigns to an API. */
export function executeApiHost(apiId: string, region: string): string {
  return `${apiId}.execute-api.${region}.${partitionOf(region).domain}`;
}

/** The region in an AWS host; undefined if it contains none. */
export function regionOfHost(host: string): string | undefined {
  return awsLabels(nameOf(host))?.find((label) => REGION.test(label));
}

/** A host in canonical form: lower case, without port and trailing dot. */
export function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
}

/**
 * The labels before AWS's domain; undefined for other names, and for the bare domains, which are web sites.
 */
function awsLabels(name: string): readonly string[] | undefined {
  const domain = AWS_DOMAINS.find((known) => name.endsWith(`.${known}`));
  return domain === undefined ? undefined : name.slice(0, -domain.length - 1).split(".");
}

/** Labels that say how to reach a service, not which one. */
const MODIFIERS: ReadonlySet<string> = new Set(["dualstack", "vpce"]);

/**
 * The service is the last label that is neither a region nor a modifier; a bucket, an account or an API
 * precedes it.
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

/** Not `s3-control` or `s3-outposts`, which are separate APIs. */
const S3 = /^s3(express.*|-(accelerate|accesspoint|external-1|website.*))?$/;

const OTHER_NAMES: Readonly<Record<string, string>> = { ddb: "dynamodb", queue: "sqs" };

function ownApi({ region, apis }: HostTable, labels: readonly string[]): ApiHosts | undefined {
  if (labels.length !== 3 || labels[2] !== region) return undefined;
  return apis.find(({ apiId }) => labels[0] === apiId.toLowerCase());
}
