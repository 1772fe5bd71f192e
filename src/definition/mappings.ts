import type { Fault, Path } from "./faults.ts";
import type { WebSocketApi } from "./model.ts";

/**
 * The stages of an API by mapping key on its custom domain; the empty key is the bare domain.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function mappingsOf({
  customDomain,
  stages,
}: Pick<WebSocketApi, "customDomain" | "stages">): ReadonlyMap<string, string> {
  if (customDomain === undefined) return new Map();
  const { mappingKey, mappings } = customDomain;
  if (mappings !== undefined) return new Map(Object.entries(mappings));
  return new Map([[mappingKey, Object.keys(stages)[0] ?? ""]]);
}

/** API Gateway checks the health of a custom domain there, so a mapping does not get these requests. */
const RESERVED = ["ping", "sping"];

/**
 * Mappings whose path API Gateway keeps for itself.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function mappingWarnings(api: WebSocketApi, path: Path): readonly Fault[] {
  const field = api.customDomain?.mappings === undefined ? "mappingKey" : "mappings";
  return [...mappingsOf(api).keys()].flatMap((key): readonly Fault[] => {
    if (!RESERVED.includes(key)) return [];
    const at = [...path, "customDomain", field, ...(field === "mappings" ? [key] : [])];
    return [[at, `API Gateway reserves /${key} of custom domains; choose another mapping key.`]];
  });
}

/** The URL of a mapping after `wss://`. */
export function mappedUrl(name: string, mappingKey: string): string {
  return mappingKey === "" ? name : `${name}/${mappingKey}`;
}
