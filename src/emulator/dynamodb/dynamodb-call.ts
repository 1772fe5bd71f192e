import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";
import { whyNotReached } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { isObject, parseJson } from "../../values/json.ts";
import { signedHeaders } from "../iam/rules/sign-request.ts";

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** A DynamoDB endpoint and its caller. */
export type DynamoDb = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
};

export type DynamoDbAnswer =
  | { readonly kind: "done"; readonly body: unknown }
  /** `errorType` is, for example, `ResourceNotFoundException`. */
  | { readonly kind: "rejected"; readonly errorType: string; readonly message: string };

const ANSWER_MS = 10_000;

/**
 * Calls an operation of DynamoDB's API. Importing the SDK for the few calls of a start would take longer than
 * the rest of the start.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export async function callDynamoDb(
  dynamoDb: DynamoDb,
  operation: string,
  input: unknown,
): Promise<DynamoDbAnswer> {
  const url = parsed(dynamoDb.endpoint);
  const body = Buffer.from(JSON.stringify(input));
  const headers = signedHeaders(
    { method: "POST", url, body },
    {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    },
    dynamoDb.credentials,
    { region: dynamoDb.region, service: "dynamodb" },
  );
  const { statusCode, answered } = await send(url, headers, body).catch((error: unknown) => {
    throw unavailable(dynamoDb.endpoint, whyNotReached(error), error);
  });

  const answer = parseJson(answered)?.value;
  if (!isObject(answer)) {
    throw unavailable(dynamoDb.endpoint, `it answers ${statusCode} without JSON`);
  }
  if (statusCode === 200) return { kind: "done", body: answer };
  const type = typeof answer.__type === "string" ? answer.__type : "";
  return {
    kind: "rejected",
    errorType: type.slice(type.lastIndexOf("#") + 1),
    message: String(answer.message ?? answer.Message ?? ""),
  };
}

/** The error for an unusable DynamoDB. */
export function unavailable(endpoint: string, why: string, cause?: unknown): WsgwError {
  return new WsgwError("TABLE_UNAVAILABLE", `DynamoDB at ${endpoint} cannot be used: ${why}.`, {
    cause,
  });
}

function parsed(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw unavailable(endpoint, "an endpoint must begin with http:// or https://");
}

function send(
  url: URL,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<{ statusCode: number; answered: string }> {
  return new Promise((resolve, reject) => {
    const begin = url.protocol === "https:" ? secureRequest : plainRequest;
    const request = begin(
      url,
      { method: "POST", headers: { ...headers, "content-length": body.length }, agent: false },
      (response) => {
        const { statusCode = 0 } = response;
        text(response).then((answered) => resolve({ statusCode, answered }), reject);
      },
    );
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error("it does not answer")));
    request.on("error", reject);
    request.end(body);
  });
}
