import { jsonText } from "./java-printing.ts";
import { fromJson, HostObject, JavaException, JavaMap, type Value } from "./java-values.ts";
import { find, PathFault, parsePath } from "./json-path.ts";
import { parsedJson, stringMethod } from "./methods.ts";
import { UTIL } from "./util-methods.ts";

/** The inputs for rendering a template. */
export type TemplateScope = {
  /** The message, or the backend's body for a response template. */
  readonly body: string;
  /** `$context`; numbers stay numbers. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Of the handshake; empty for a message. */
  readonly params: {
    readonly path: Readonly<Record<string, string>>;
    readonly querystring: Readonly<Record<string, string>>;
    readonly header: Readonly<Record<string, string>>;
  };
};

/**
 * `$input`, `$context`, `$stageVariables` and `$util`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function templateVariables(scope: TemplateScope): ReadonlyMap<string, Value> {
  const context = fromJson(scope.context) as JavaMap;
  // templates may set them, without effect on a WebSocket API
  context.entries.set("requestOverride", overrides("path", "querystring", "header"));
  context.entries.set("responseOverride", overrides("header"));
  return new Map<string, Value>([
    ["input", input(scope)],
    ["context", context],
    ["stageVariables", fromJson(scope.stageVariables)],
    ["util", UTIL],
  ]);
}

function overrides(...parts: readonly string[]): JavaMap {
  return new JavaMap(parts.map((part) => [part, new JavaMap()]));
}

function input({ body, params }: TemplateScope): HostObject {
  let parsed: Value | undefined;
  const json = (): Value => {
    parsed ??= parsedJson(body);
    return parsed;
  };
  const found = (path: string): Value | undefined => {
    try {
      return find(parsePath(path), json());
    } catch (error) {
      if (error instanceof PathFault) throw new JavaException(error.message);
      throw error;
    }
  };
  const named = (name: string): Value =>
    [params.path, params.querystring, params.header].find((part) => Object.hasOwn(part, name))?.[
      name
    ] ?? null;
  return new HostObject(
    "$input",
    { body: () => body },
    {
      json: stringMethod((path) => {
        const value = found(path);
        return value === undefined ? '""' : jsonText(value);
      }),
      path: stringMethod((path) => found(path) ?? null),
      params: ([name, ...more]) => {
        if (name === undefined) return fromJson(params);
        return typeof name === "string" && more.length === 0 ? named(name) : undefined;
      },
    },
  );
}
