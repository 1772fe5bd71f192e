import type { WebSocketApi } from "./checked-project.ts";
import { type Fault, type Path, shown } from "./faults.ts";
import { isCustom } from "./integrations.ts";

/** Settings of an API's routes that AWS accepts, and the author hardly intended. */
export function routeWarnings(
  { routes, routeSelectionExpression }: WebSocketApi,
  path: Path,
): readonly Fault[] {
  const ofExpression = expressionWarning(routeSelectionExpression);
  const keys = new Set(Object.keys(routes));
  return [
    ...(ofExpression === undefined
      ? []
      : [[[...path, "routeSelectionExpression"], ofExpression] as const]),
    ...[...keys].flatMap((key): readonly Fault[] => {
      const warning = keyWarning(key, keys);
      return warning === undefined ? [] : [[[...path, "routes", key], warning]];
    }),
  ];
}

/**
 * An expression without a variable has the same value for all messages. `\$` marks an intended static value.
 */
export function expressionWarning(source: string): string | undefined {
  if (source.includes("$")) return undefined;
  const meant = source.startsWith("request.body.") ? `$${source}` : "$request.body.action";
  return `${shown(source)} does not contain a variable, so every message selects the route with that name. Write it like "${meant}".`;
}

const PREDEFINED: Readonly<Record<string, string>> = {
  connect: "when a client connects",
  default: "for messages that select no other route",
  disconnect: "after a connection has ended",
};

/** What a route key without its `$` does, unless the API also has the predefined route. */
export function keyWarning(key: string, keys: ReadonlySet<string>): string | undefined {
  if (!Object.hasOwn(PREDEFINED, key) || keys.has(`$${key}`)) return undefined;
  return `only messages select the route "${key}". API Gateway invokes "$${key}" ${PREDEFINED[key]}. Write that if you mean it.`;
}

/** Route responses of routes whose event is not a message. */
export function responseWarnings({ routes }: WebSocketApi, path: Path): readonly Fault[] {
  return Object.values(routes).flatMap(
    ({ routeKey, routeResponse, integration }): readonly Fault[] => {
      if (!routeResponse || (routeKey !== "$connect" && routeKey !== "$disconnect")) return [];
      if (isCustom(integration)) return []; // in templates, $connect has it next to the response for 200
      const problem = `${routeKey} has no message to answer. Its route response has no effect.`;
      return [[[...path, "routes", routeKey, "routeResponse"], problem]];
    },
  );
}
