import { isConnectionId } from "./gone-or-bad-id.ts";

/** The operation that a request to the management API asks for. */
export type ManagementRequest =
  /** Not a request to the management API. */
  | { readonly kind: "other" }
  | {
      readonly kind: "call";
      readonly operation: ManagementOperation;
      readonly connectionId: string;
      /** The prefix before `@connections`, one of those given. */
      readonly prefix: string;
      /** The path has an empty segment, which results from an endpoint with a trailing slash. */
      readonly doubleSlash: boolean;
    }
  | { readonly kind: "malformed-id"; readonly connectionId: string; readonly doubleSlash: boolean }
  | { readonly kind: "unknown-stage" }
  /** The path matches no route: it contains the stage twice, or it contains a stage on a custom domain. */
  | { readonly kind: "no-method"; readonly method: string; readonly path: string }
  | { readonly kind: "unknown-path" };

export type ManagementOperation = "post" | "get" | "delete";

const OPERATIONS: ReadonlyMap<string, ManagementOperation> = new Map([
  ["POST", "post"],
  ["GET", "get"],
  ["DELETE", "delete"],
]);

/**
 * Parses the method and the raw request target of a call to the management API. `prefixes` may precede
 * `@connections`: the stage on the default host; on a custom domain the mapping key, or `""` if it has none.
 * The `@`, and the `=` of an id, may be percent-encoded.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * Assumed: `//` is accepted; other methods and longer paths are answered as REST APIs do.
 */
export function readManagementRequest(
  prefixes: ReadonlySet<string>,
  method: string,
  url: string,
  host: "default" | "custom-domain" = "default",
): ManagementRequest {
  if (!url.includes("connections")) return { kind: "other" };
  const query = url.indexOf("?");
  const segments = (query === -1 ? url : url.slice(0, query)).split("/").slice(1);
  const filled = segments.filter((segment) => segment !== "");
  const marker = filled.findIndex(isMarker);
  if (marker === -1) return { kind: "other" };
  const before = filled.slice(0, marker);
  const base = longestPrefix(prefixes, before);
  if (base < marker) {
    if (base < 0 && host === "default") return { kind: "unknown-stage" };
    const path = filled.slice(Math.max(base, 0)).map((segment) => decoded(segment) ?? segment);
    return { kind: "no-method", method, path: path.join("/") };
  }

  const operation = OPERATIONS.get(method);
  const [id, ...more] = filled.slice(marker + 1);
  if (operation === undefined || id === undefined || more.length > 0) {
    return { kind: "unknown-path" };
  }

  const doubleSlash = filled.length < segments.length;
  const connectionId = decoded(id);
  return connectionId !== undefined && isConnectionId(connectionId)
    ? { kind: "call", operation, connectionId, prefix: before.join("/"), doubleSlash }
    : { kind: "malformed-id", connectionId: connectionId ?? id, doubleSlash };
}

/** Number of segments in the longest matching prefix; -1 if none matches. */
function longestPrefix(prefixes: ReadonlySet<string>, segments: readonly string[]): number {
  let length = segments.length;
  while (length >= 0 && !prefixes.has(segments.slice(0, length).join("/"))) length -= 1;
  return length;
}

function isMarker(segment: string): boolean {
  return segment === "@connections" || segment === "%40connections";
}

/** Undefined if a percent sign encodes nothing. */
function decoded(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
