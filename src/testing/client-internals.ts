import { WsgwError } from "../errors.ts";

/** What matchers need of a client in addition to its public interface. */
export type ClientInternals = {
  /** The client's name in traces, such as `client 1`. */
  readonly name: () => string;
  readonly settled: () => Promise<void>;
  /** Calls back for every message and at the end; the returned function unsubscribes. */
  readonly onChange: (listener: () => void) => () => void;
};

const internals = new WeakMap<object, ClientInternals>();

export function keepInternals(client: object, own: ClientInternals): void {
  internals.set(client, own);
}

/** Throws USAGE for anything except a client of a test gateway. */
export function internalsOf(client: object): ClientInternals {
  const own = typeof client === "object" && client !== null ? internals.get(client) : undefined;
  if (own !== undefined) return own;
  throw new WsgwError("USAGE", "This matcher needs a client from gateway.connect().");
}

/** A client's name in traces, and its id. */
export function nameOf(client: object & { readonly connectionId: string }): string {
  return `${internalsOf(client).name()} (${client.connectionId})`;
}
