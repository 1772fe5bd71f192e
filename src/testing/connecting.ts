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

/** What the handshake of a client asks for. */
export type ConnectOptions = {
  /** The API, by its name in the project. Default: the first. */
  readonly api?: string;
  /** Default: the first stage of the API. */
  readonly stage?: string;
  /** Path in place of the stage's, such as `/other`. */
  readonly path?: string;
  /** Query string parameters, added to those of `path`; a list repeats the name. */
  readonly query?: Repeatable;
  /** Further headers; a list repeats the name. */
  readonly headers?: Repeatable;
  /** In the order of preference; `$connect` chooses one, or the handshake fails. */
  readonly subprotocols?: readonly string[];
  /** IP address that events and `GET @connections` show. Default 127.0.0.1. USAGE for what is none. */
  readonly sourceIp?: string;
  /**
   * Who the client is, or the name of one of the definition's `identities`: the authorizer is not asked, and this is
   * what it would have said. Default: whom the authorizer says.
   */
  readonly authorizer?: IdentityDefinition | string;
  /**
   * Signs the handshake for AWS_IAM: with keys of the gateway, or of one of the definition's `identities`. Default:
   * not signed.
   */
  readonly sign?: boolean | string;
  /** The name of one of the definition's `apiKeys`, or a value: the header `x-api-key`. Default: none. */
  readonly apiKey?: string;
  /** Default: none, so that events have no `identity.userAgent`. */
  readonly userAgent?: string;
};

/** What a presigned URL is for. */
export type PresignOptions = Pick<ConnectOptions, "api" | "stage" | "path" | "query"> & {
  /** Whose keys sign, by a name in the definition's `identities`. Default: those of the gateway. */
  readonly identity?: string;
  /** `X-Amz-Expires`, in seconds. Default: none, so that API Gateway takes it for five minutes. */
  readonly expiresIn?: number;
};

/** Headers that nobody but the test knows. */
export type SecretHeaders = { readonly sourceIp: string; readonly identity: string };

/** Opens a client at `url`, or tells how the handshake was refused. */
export async function openFrom(
  base: string,
  options: ConnectOptions,
  secretHeaders: SecretHeaders,
  known: {
    /** Signs as an identity of the definition; as the gateway's own user where none is named. */
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

/** The URL that options mean at that of a stage. */
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
    throw new WsgwError("USAGE", `sourceIp "${sourceIp}" is no IP address.`);
  }
  const problem = typeof authorizer === "object" ? readIdentity(authorizer) : undefined;
  if (typeof problem === "string") {
    throw new WsgwError("USAGE", `The identity in \`authorizer\` is wrong: ${problem}`);
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

/** The URL of the API and stage that a client names. Fails with USAGE for names that the project does not have. */
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
