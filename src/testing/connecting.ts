import { isIP } from "node:net";
import { type Opening, openClient } from "../client/client.ts";
import type { ClientOptions } from "../client/frames.ts";
import { readIdentity } from "../definition/identities.ts";
import type { IdentityDefinition } from "../definition/project.ts";
import { identityHeaderValue } from "../emulator/apigateway/authorizers/rules/mocked-identity.ts";
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
  /** Default: none, so that events have no `identity.userAgent`. */
  readonly userAgent?: string;
};

/** Headers that nobody but the test knows. */
export type SecretHeaders = { readonly sourceIp: string; readonly identity: string };

/** Opens a client at `url`, or tells how the handshake was refused. */
export async function openFrom(
  url: string,
  options: ConnectOptions,
  secretHeaders: SecretHeaders,
): Promise<Opening> {
  const target = options.path === undefined ? url : new URL(options.path, url).href;
  return openClient(withQuery(target, options.query), clientOptions(options, secretHeaders));
}

function withQuery(url: string, query: ConnectOptions["query"]): string {
  const parameters = pairsOf(query);
  if (parameters.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`;
}

function clientOptions(
  { headers, subprotocols, sourceIp, userAgent, authorizer }: ConnectOptions,
  secret: SecretHeaders,
): ClientOptions {
  if (sourceIp !== undefined && isIP(sourceIp) === 0) {
    throw new WsgwError("USAGE", `sourceIp "${sourceIp}" is no IP address.`);
  }
  const problem = typeof authorizer === "object" ? readIdentity(authorizer) : undefined;
  if (typeof problem === "string") {
    throw new WsgwError("USAGE", `The identity in \`authorizer\` is wrong: ${problem}`);
  }
  return {
    headers: {
      ...headers,
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
