/**
 * The URL that answers, on this machine, the calls of an AWS service by functions and integrations: the
 * project's tables for DynamoDB, else what `endpoints` of the definition says. Undefined where nothing does.
 */
export function localEndpoint(
  service: string,
  {
    tables,
    endpoints,
    own,
  }: {
    readonly tables: string | undefined;
    readonly endpoints: Readonly<Record<string, string>>;
    /** The gateway's own host and port. */
    readonly own: string;
  },
): string | undefined {
  if (service === "dynamodb") return tables;
  const endpoint = endpoints[service];
  // The gateway would forward the call to itself in an endless loop.
  return endpoint !== undefined && leadsTo(endpoint, own) ? undefined : endpoint;
}

/** Whether a URL leads to the gateway itself; `own` is its host and port. */
function leadsTo(url: string, own: string): boolean {
  const { hostname, host, port } = new URL(url);
  const isLoopback = hostname === "[::1]" || /^(localhost|127(\.\d+){3})$/.test(hostname);
  return host === own || (isLoopback && port === new URL(`http://${own}`).port);
}
