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

/** The URL of a mapping after `wss://`. */
export function mappedUrl(name: string, mappingKey: string): string {
  return mappingKey === "" ? name : `${name}/${mappingKey}`;
}
