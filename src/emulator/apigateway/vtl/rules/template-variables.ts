import {
  fromJson,
  HostObject,
  JavaException,
  JavaMap,
  jsonText,
  printed,
  type Value,
} from "./java-values.ts";
import { find, PathFault, parsePath } from "./json-path.ts";
import { parsedJson } from "./methods.ts";

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
      json: one((path) => {
        const value = found(path);
        return value === undefined ? '""' : jsonText(value);
      }),
      path: one((path) => found(path) ?? null),
      params: ([name, ...more]) => {
        if (name === undefined) return fromJson(params);
        return typeof name === "string" && more.length === 0 ? named(name) : undefined;
      },
    },
  );
}

/** A method with one string parameter; other values are converted to strings. */
function one(run: (text: string) => Value): (args: readonly Value[]) => Value | undefined {
  return ([argument = null, ...more]) => {
    const text = printed(argument);
    if (more.length > 0) return undefined;
    return text === undefined ? null : run(text);
  };
}

const UTIL = new HostObject(
  "$util",
  {},
  {
    escapeJavaScript: one(escapeJavaScript),
    parseJson: one(parsedJson),
    urlEncode: one(urlEncode),
    urlDecode: one(urlDecode),
    base64Encode: one((text) => Buffer.from(text).toString("base64")),
    base64Decode: one((text) => Buffer.from(text, "base64").toString()),
  },
);

const ESCAPED: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\n": "\\n",
  "\t": "\\t",
  "\f": "\\f",
  "\r": "\\r",
};

/** Escapes JavaScript as Apache's commons-text does: `'` becomes `\'`, which is not valid JSON. */
function escapeJavaScript(text: string): string {
  return text.replace(/['"\\/]|[^\x20-\x7f]/g, (character) => {
    if (/['"\\/]/.test(character)) return `\\${character}`;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return ESCAPED[character] ?? `\\u${code}`;
  });
}

/** Form encoding: spaces become `+`. */
function urlEncode(text: string): string {
  const encoded = encodeURIComponent(Buffer.from(text).toString());
  return encoded.replace(/%20|[!'()~]/g, (character) =>
    character === "%20" ? "+" : `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes as Java's URLDecoder does: invalid UTF-8 becomes U+FFFD. */
function urlDecode(text: string): string {
  if (/%(?![\dA-Fa-f]{2})/.test(text)) {
    throw new JavaException(`IllegalArgumentException: ${text} is not URL-encoded`);
  }
  return text
    .replaceAll("+", " ")
    .replace(/(?:%..)+/g, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString());
}
