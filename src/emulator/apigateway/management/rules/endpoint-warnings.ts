/** A warning about an endpoint that ends with a slash. */
export function slashAdvice(url: string): string {
  return `The path ${url} has an empty segment. wsgw accepts it, but AWS may reject it. Remove the slash at the end of the endpoint.`;
}

/** A warning about a function that calls a host of AWS without TLS. */
export function plainAdvice(functionName: string, host: string): string {
  return `Function "${functionName}" called @connections at ${host} without TLS. wsgw accepts it, but on AWS the call fails: API Gateway does not listen on port 80. Begin the client's endpoint with https://, not with ws://, wss:// or http://.`;
}
