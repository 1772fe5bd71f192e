/** A call of `@connections` as far as its endpoint concerns. */
export type CalledEndpoint = {
  readonly url: string;
  readonly host: string;
  /** Whether the path has an empty segment. */
  readonly hasDoubleSlash: boolean;
  /** Whether the host is one of AWS's, which accept only TLS. */
  readonly isTlsOnly: boolean;
  readonly isEncrypted: boolean;
  /** The calling function, if known; programs may use plain HTTP. */
  readonly functionName: string | undefined;
};

/** Warnings about an endpoint that wsgw accepts, but AWS may not. */
export function endpointWarnings(call: CalledEndpoint): readonly string[] {
  const { url, host, hasDoubleSlash, isTlsOnly, isEncrypted, functionName } = call;
  const warnings: string[] = [];
  if (hasDoubleSlash) {
    warnings.push(
      `The path ${url} has an empty segment. wsgw accepts it, but AWS may reject it. Remove the slash at the end of the endpoint.`,
    );
  }
  if (isTlsOnly && !isEncrypted && functionName !== undefined) {
    warnings.push(
      `Function "${functionName}" called @connections at ${host} without TLS. wsgw accepts it, but on AWS the call fails: API Gateway does not listen on port 80. Begin the client's endpoint with https://, not with ws://, wss:// or http://.`,
    );
  }
  return warnings;
}
