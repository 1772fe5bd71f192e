import { isIP } from "node:net";
import { type Opening, openClient } from "../client/client.ts";
import type { ClientOptions } from "../client/frames.ts";
import { readIdentity } from "../definition/identities.ts";
import type { LocalProject } from "../definition/local-project.ts";
import type { IdentityDefinition } from "../definition/project.ts";
import { identityHeaderValue } from "../emulator/apigateway/authorizers/rules/mocked-identity.ts";
import { type HandshakeSigner, signHandshake } from "../emulator/iam/rules/sign-handshake.ts";
import type { RunningApi } from "../emulator/options.ts";
import { WsgwError } from "../errors.ts";
import { failUnlessKnown } from "./known-names.ts";
import { pairsOf, type Repeatable } from "./pairs.ts";

/** The options of a client's handshake. */
export type ConnectOptions = {
  /** The API, by its name in the project. Default: the first. */
  readonly api?: string;
  /** Default: the first stage of the API. */
  readonly stage?: string;
  /** Path instead of the stage's, such as `/other`. */
  readonly path?: string;
  /** Query string parameters, added to those of `path`; an array repeats the name. */
  readonly query?: Repeatable;
  /** Additional headers; an array repeats the name. */
  readonly headers?: Repeatable;
  /** In order of preference; `$connect` selects one, or the handshake fails. */
  readonly subprotocols?: readonly string[];
  /** IP address in events and `GET @connections`. Default 127.0.0.1. Throws USAGE for an invalid address. */
  readonly sourceIp?: string;
  /**
   * The client's identity, or the name of one of the definition's `identities`, which replaces the
   * authorizer's result. Default: the authorizer is called.
   */
  readonly authorizer?: IdentityDefinition | string;
  /**
   * Signs the handshake for AWS_IAM: with keys of the gateway, or of one of the definition's `identities`.
   * Default: not signed.
   */
  readonly sign?: boolean | string;
  /** The name of one of the definition's `apiKeys`, or a value: the header `x-api-key`. Default: none. */
  readonly apiKey?: string;
  /** Default: none, so that events have no `identity.userAgent`. */
  readonly userAgent?: string;
};

/** The options of a presigned URL. */
export type PresignOptions = Pick<ConnectOptions, "api" | "stage" | "path" | "query"> & {
  /** The signer, by a name in the definition's `identities`. Default: the gateway's own user. */
  readonly identity?: string;
  /** `X-Amz-Expires`, in seconds. Default: none, so that API Gateway accepts it for five minutes. */
  readonly expiresIn?: number;
};

/** Header names that only the test knows. */
export type SecretHeaders = { readonly sourceIp: string; readonly identity: string };

/** Opens a client at `url`, or returns the rejection of the handshake. */
export async function openFrom(
  base: string,
  options: ConnectOptions,
  secretHeaders: SecretHeaders,
  known: {
    /** Signs as an identity of the definition; by default as the gateway's own user. */
    readonly signerOf: (identity: string | undefined) => HandshakeSigner;
    readonly apiKeys: LocalProject["apiKeys"];
  },
): Promise<Opening> {
  const { sign = false } = options;
  const target = targetOf(base, options);
  const { url, headers } =
    sign === false
      ? { url: target, headers: {} }
      : signHandshake(target, known.signerOf(sign === true ? undefined : sign));
  const client = clientOptions(options, secretHeaders, known.apiKeys);
  return openClient(url, { ...client, headers: { ...headers, ...client.headers } });
}

/** The URL of a stage with the options applied. */
export function targetOf(url: string, { path, query }: Pick<ConnectOptions, "path" | "query">) {
  return withQuery(path === undefined ? url : new URL(path, url).href, query);
}

function withQuery(url: string, query: ConnectOptions["query"]): string {
  const parameters = pairsOf(query);
  if (parameters.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`;
}

function clientOptions(
  { headers, subprotocols, sourceIp, userAgent, authorizer, apiKey }: ConnectOptions,
  secret: SecretHeaders,
  apiKeys: LocalProject["apiKeys"],
): ClientOptions {
  if (sourceIp !== undefined && isIP(sourceIp) === 0) {
    throw new WsgwError("USAGE", `sourceIp "${sourceIp}" is not an IP address.`);
  }
  const problem = typeof authorizer === "object" ? readIdentity(authorizer) : undefined;
  if (typeof problem === "string") {
    throw new WsgwError("USAGE", `The identity in \`authorizer\` is not valid: ${problem}`);
  }
  const named = Object.hasOwn(apiKeys, apiKey ?? "") ? apiKeys[apiKey ?? ""] : undefined;
  return {
    headers: {
      ...headers,
      ...(apiKey !== undefined && { "x-api-key": named?.value ?? apiKey }),
      ...(userAgent !== undefined && { "User-Agent": userAgent }),
      ...(sourceIp !== undefined && { [secret.sourceIp]: sourceIp }),
      ...(authorizer !== undefined && { [secret.identity]: identityHeaderValue(authorizer) }),
    },
    ...(subprotocols !== undefined && { subprotocols }),
  };
}

/** The URL of a client's API and stage. Throws USAGE for names that the project does not have. */
export function urlFor(
  apis: readonly RunningApi[],
  { api, stage }: Pick<ConnectOptions, "api" | "stage">,
): string {
  const named = Object.fromEntries(apis.map((each) => [each.name, each]));
  if (api !== undefined) failUnlessKnown("API", api, named, "project");
  const stages = (api === undefined ? apis[0] : named[api])?.stages ?? [];
  const urls = Object.fromEntries(stages.map(({ name, url }) => [name, url]));
  if (stage !== undefined) failUnlessKnown("stage", stage, urls);
  return (stage === undefined ? stages[0]?.url : urls[stage]) ?? "";
}
