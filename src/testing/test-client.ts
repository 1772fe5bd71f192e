import { type Client, type ClientOptions, type Opening, openClient } from "../client.ts";

export type ConnectOptions = {
  /** Path in place of the stage's, such as `/other`. */
  readonly path?: string;
  /** Query string parameters; a list repeats the name. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly subprotocols?: readonly string[];
  readonly userAgent?: string;
};

/** A connected client, with JSON said more briefly. */
export type TestClient = Client & {
  /** The id that API Gateway gave the connection. */
  readonly connectionId: string;
  sendJson(value: unknown): void;
  /** The next message, parsed. */
  nextJson(): Promise<unknown>;
};

/** Opens a client at `url`, or tells how the handshake was refused. */
export function openTestClient(url: string, options: ConnectOptions): Promise<Opening> {
  const target = options.path === undefined ? url : new URL(options.path, url).href;
  return openClient(withQuery(target, options.query), clientOptions(options));
}

export function toTestClient(client: Client, connectionId: string): TestClient {
  return {
    ...client,
    // A spread would freeze the accessor's value.
    get protocol() {
      return client.protocol;
    },
    connectionId,
    sendJson: (value) => client.send(JSON.stringify(value)),
    nextJson: async () => JSON.parse(await client.next()),
  };
}

function withQuery(url: string, query: ConnectOptions["query"]): string {
  const parameters = Object.entries(query ?? {}).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((each): [string, string] => [name, each]),
  );
  return parameters.length === 0 ? url : `${url}?${new URLSearchParams(parameters)}`;
}

function clientOptions({ headers, subprotocols, userAgent }: ConnectOptions): ClientOptions {
  return {
    headers: { ...headers, ...(userAgent !== undefined && { "User-Agent": userAgent }) },
    ...(subprotocols !== undefined && { subprotocols }),
  };
}
