import type { FactOf } from "./line.ts";

/** What to do about a call of AWS that no service on this machine answers. */
export function wayOut({
  service,
  operation,
  host,
  functionName,
  causedBy,
}: FactOf<"aws.stopped">): string {
  if (service === "dynamodb") {
    return "Add a table to the definition, or name a DynamoDB with --dynamodb-endpoint.";
  }
  if (/^execute-api\.[^.]+\.[a-z.]+$/.test(host)) {
    return "The SDK client has no endpoint. Create it with the endpoint `https://${domainName}/${stage}`, both from the event's requestContext.";
  }
  if (service === "execute-api" && functionName === undefined && causedBy === undefined) {
    return "A client called it. If the host belongs to an API of this project, add it to hosts of the API.";
  }
  if (service === "cognito-idp" && operation.endsWith("/.well-known/jwks.json")) {
    return "Start wsgw dev with --cognito POOL-ID to use tokens that wsgw signs (wsgw token), or with --allow-aws to use Cognito's own.";
  }
  const name = /^\w+$/.test(service) ? service : JSON.stringify(service);
  return `Add endpoints: { ${name}: "http://localhost:4566" } to the definition, or start wsgw dev with --allow-aws to call AWS.`;
}
