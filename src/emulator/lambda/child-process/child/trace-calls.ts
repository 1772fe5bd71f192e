import { subscribe } from "node:diagnostics_channel";
import { ClientRequest } from "node:http";
import { type Network, wayTo } from "../../../network/rules/hosts.ts";

/** The fields of an outgoing request; `_header` is its head as a string. */
type OutgoingRequest = Pick<ClientRequest, "protocol" | "getHeader"> & {
  _header: string | null;
  readonly _headerSent: boolean;
  _storeHeader(firstLine: string, headers: unknown): void;
};

type UndiciRequest = {
  readonly origin: string | URL;
  readonly headers: string | readonly unknown[];
  readonly addHeader?: (name: string, value: string) => void;
};

const NAME = "x-amzn-trace-id";

/**
 * Adds the trace id of the running event to requests to the gateway, as AWS's SDKs do, so that the gateway
 * knows which invocation made them. Only the bytes sent change; the code's headers do not.
 */
export function traceCalls(network: Network, trace: () => string | undefined): void {
  const isLed = (url: URL): boolean => {
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    return wayTo(network, url.hostname, port).kind === "gateway";
  };

  const prototype = ClientRequest.prototype as unknown as OutgoingRequest;
  const store = prototype._storeHeader;
  prototype._storeHeader = function (firstLine, headers) {
    store.call(this, firstLine, headers);
    // AWS's SDKs set it themselves, and reading a variable or a URL is slow.
    if (this._headerSent || this._header === null || hasTrace(this._header)) return;
    const id = trace();
    const url = urlOf(`${this.protocol}//${this.getHeader("host")}`);
    if (id === undefined || url === undefined || !isLed(url)) return;
    this._header = `${this._header.slice(0, -2)}${NAME}: ${id}\r\n\r\n`;
  };

  subscribe("undici:request:create", (message) => {
    const { request } = message as { readonly request: UndiciRequest };
    const id = trace();
    const url = urlOf(String(request.origin));
    if (id === undefined || url === undefined || !isLed(url)) return;
    if (!hasTrace(String(request.headers))) request.addHeader?.(NAME, id);
  });
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function hasTrace(head: string): boolean {
  return head.toLowerCase().includes(NAME);
}
