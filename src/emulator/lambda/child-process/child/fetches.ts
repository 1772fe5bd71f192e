import { subscribe } from "node:diagnostics_channel";

type UndiciRequest = {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
};

/**
 * Tracks requests of `fetch` and other users of undici without a response, each with its method and URL.
 * Leaves out the query, which may contain secrets.
 * @see https://undici.nodejs.org/#/docs/api/DiagnosticsChannel
 */
export function watchFetches(): ReadonlyMap<object, string> {
  const running = new Map<object, string>();
  const of = (message: unknown) => (message as { request: UndiciRequest }).request;
  const over = (message: unknown) => void running.delete(of(message));

  subscribe("undici:request:create", (message) => {
    const { method, origin, path } = of(message);
    running.set(of(message), `${method} ${origin}${path.split("?")[0]}`);
  });
  subscribe("undici:request:headers", over);
  subscribe("undici:request:error", over);
  return running;
}
