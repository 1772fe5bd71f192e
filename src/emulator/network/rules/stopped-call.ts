import { headerValue } from "../../iam/rules/raw-headers.ts";
import type { NetworkFact } from "../facts.ts";
import { executeApiHost, type HostTable, nameOf } from "./hosts.ts";

/** An AWS API call without a local endpoint. */
export type StoppedCall = Omit<NetworkFact, "type" | "connectionId">;

/** The fields of a request that identify its operation. */
export type AwsRequest = {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** Undefined if it is not needed: only forms contain their operation. */
  readonly form: string | undefined;
};

/** A response that the service's SDK turns into an error with this message. */
export type StopAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

const ERROR_NAME = "CallStoppedByWsgw";
/** SDKs do not retry this status. */
const STATUS = 403;
const PATH_SHOWN = 200;

/**
 * The operation of a call. Each AWS protocol has it in another place.
 * @see https://smithy.io/2.0/aws/protocols/index.html
 */
export function operationOf({ method, url, rawHeaders, form }: AwsRequest): string {
  const target = headerValue(rawHeaders, "x-amz-target");
  if (target !== undefined) return target.slice(target.lastIndexOf(".") + 1);
  const [path = "", query = ""] = url.split("?", 2);
  const cbor = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1];
  if (cbor !== undefined) return cbor;
  const parameters = new URLSearchParams(query);
  const named =
    new URLSearchParams(form).get("Action") ?? parameters.get("Action") ?? parameters.get("x-id");
  return named ?? `${method} ${path.slice(0, PATH_SHOWN)}`;
}

/** The kind of call: from a client, such as a handshake, or about a function of the project. */
export type CallKind = "of-client" | "of-own-function" | "other";

/** What happened, and how to allow it. */
export function stopMessage(call: StoppedCall, table: HostTable, kind: CallKind = "other"): string {
  const { service, operation, host, functionName } = call;
  if (kind === "of-client") {
    return `A client called ${operation} at ${host}. ${wayOut(call, table, true)}`;
  }
  const who = functionName === undefined ? "A handler" : `Function ${functionName}`;
  const way = kind === "of-own-function" ? INVOKE_ONLY : wayOut(call, table);
  return `${who} called ${service} ${operation} at ${host}. wsgw stopped the call before it left this machine. ${way}`;
}

const INVOKE_ONLY =
  'It concerns a function of the project, for which wsgw supports only Invoke. To answer it, set another endpoint for Lambda in the definition: endpoints: { lambda: "http://localhost:4566" }.';

/** Whether the host is that of all APIs of a region: SDKs use it for a client without an endpoint. */
export function lacksEndpoint(host: string): boolean {
  return /^execute-api\.[^.]+\.[a-z.]+$/.test(nameOf(host));
}

function wayOut(
  { service, operation, host }: StoppedCall,
  table: HostTable,
  isOfClient = false,
): string {
  if (service === "dynamodb") {
    return "The definition has no tables. Add one, or set a DynamoDB with --dynamodb-endpoint.";
  }
  const name = /^\w+$/.test(service) ? service : JSON.stringify(service);
  const allow = `To allow it, set another endpoint in the definition, endpoints: { ${name}: "http://localhost:4566" }, or start wsgw dev with --allow-aws.`;
  if (service === "cognito-idp" && KEY_SET_CALL.test(operation)) return `${allow} ${OWN_ISSUER}`;
  if (service !== "execute-api") return allow;
  const hosts = table.apis.map(({ apiId }) => executeApiHost(apiId, table.region));
  const here =
    hosts.length === 1
      ? `The API that runs here is ${hosts}.`
      : `The APIs that run here are ${hosts.join(", ")}.`;
  if (lacksEndpoint(host)) return `${NO_ENDPOINT} ${here}`;
  return isOfClient ? `${here} ${MEANT}` : `${here} ${MEANT} ${allow}`;
}

const KEY_SET_CALL = /^GET \S+\/\.well-known\/jwks\.json$/;
const OWN_ISSUER =
  "To let wsgw sign tokens of this user pool, use startTokenIssuer() in tests, or wsgw dev --cognito.";
const MEANT = "If it means one of them, add the host to hosts of its API.";
const NO_ENDPOINT =
  "The SDK client has no endpoint and would fail on AWS, too. Create it with endpoint: `https://${domainName}/${stage}`, both from the event's requestContext.";

/**
 * The response to a blocked call, as a rejection of the service in the call's protocol.
 * @see https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html#operation-error-serialization
 */
export function stopAnswer(service: string, request: AwsRequest, message: string): StopAnswer {
  const { contentType, body, more = {} } = formOf(service, request, message);
  return {
    statusCode: STATUS,
    headers: { "Content-Type": contentType, "x-amzn-ErrorType": ERROR_NAME, ...more },
    body: request.method === "HEAD" ? "" : body,
  };
}

type Form = {
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly more?: Readonly<Record<string, string>>;
};

const REST_XML: ReadonlySet<string> = new Set(["s3-control", "route53", "cloudfront"]);

function formOf(service: string, request: AwsRequest, message: string): Form {
  const type = headerValue(request.rawHeaders, "content-type") ?? "";
  const smithy = headerValue(request.rawHeaders, "smithy-protocol");
  if (smithy === "rpc-v2-cbor") {
    const body = cborMap({ __type: ERROR_NAME, message });
    return { contentType: "application/cbor", body, more: { "smithy-protocol": smithy } };
  }
  const error = `<Code>${ERROR_NAME}</Code><Message>${escaped(message)}</Message>`;
  const isQuery =
    type.startsWith("application/x-www-form-urlencoded") || /[?&]Action=/.test(request.url);
  if (service === "s3") return xml(`<Error>${error}</Error>`);
  if (isQuery && service === "ec2") {
    return xml(`<Response><Errors><Error>${error}</Error></Errors></Response>`);
  }
  if (isQuery || REST_XML.has(service) || type.includes("xml")) {
    return xml(`<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>`);
  }
  const contentType = type.startsWith("application/x-amz-json") ? type : "application/json";
  return { contentType, body: JSON.stringify({ __type: ERROR_NAME, message }) };
}

function xml(content: string): Form {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
  return { contentType: "application/xml", body };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A CBOR map with a few short names and strings. @see https://www.rfc-editor.org/rfc/rfc8949 */
function cborMap(entries: Readonly<Record<string, string>>): Uint8Array {
  const pairs = Object.entries(entries).flat();
  return Buffer.concat([Buffer.from([0xa0 | (pairs.length / 2)]), ...pairs.map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
