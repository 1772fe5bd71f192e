import { createHash } from "node:crypto";
import { fieldOf, listOf, parseJson } from "../../../../values/json.ts";
import type { BackendAnswer } from "./integration-response.ts";
import { fieldIn, parametersOf, type ServiceCall } from "./service-request.ts";

/** Values that make a mocked reply unique. */
export type Made = { readonly uuid: string; readonly at: number; readonly accountId: string };

/**
 * A well-formed reply of a service without a local endpoint. The fields of Publish and StartExecution are
 * from published captures, the others from the services' models.
 */
export function madeReply(call: ServiceCall, made: Made): BackendAnswer {
  const { service, operation = "" } = call;
  switch (service) {
    case "sqs":
    case "sns":
      return queryReply(call, made);
    case "states":
      return json(executionReply(call, operation, made));
    case "events":
      return json(
        JSON.stringify({
          Entries: entriesIn(call, "Entries").map(() => ({ EventId: made.uuid })),
          FailedEntryCount: 0,
        }),
      );
    case "kinesis":
      return json(kinesisReply(call, made));
    case "s3":
      return s3Reply(call);
    default:
      return json("{}");
  }
}

function json(body: string, statusCode = 200): BackendAnswer {
  return { statusCode, headers: { "content-type": ["application/json"] }, body: Buffer.from(body) };
}

/** The reply of SQS or SNS. It is JSON because API Gateway sends `Accept: application/json`. */
function queryReply({ service, operation, request }: ServiceCall, { uuid }: Made): BackendAnswer {
  if (operation === undefined) {
    const error = {
      Code: "MissingAction",
      Message: "The request must contain the parameter Action.",
      Type: "Sender",
    };
    return json(JSON.stringify({ Error: error, RequestId: uuid }), 400);
  }
  const ResponseMetadata = { RequestId: uuid };
  const message = parametersOf(request).get("MessageBody") ?? "";
  const sent = {
    MD5OfMessageAttributes: null,
    MD5OfMessageBody: createHash("md5").update(message).digest("hex"),
    MD5OfMessageSystemAttributes: null,
    MessageId: uuid,
    SequenceNumber: null,
  };
  if (service === "sqs" && operation === "SendMessage") {
    return json(
      JSON.stringify({ SendMessageResponse: { ResponseMetadata, SendMessageResult: sent } }),
    );
  }
  const result = operation === "Publish" ? { MessageId: uuid, SequenceNumber: null } : {};
  return json(
    JSON.stringify({
      [`${operation}Response`]: { [`${operation}Result`]: result, ResponseMetadata },
    }),
  );
}

function executionReply(
  { request, region }: ServiceCall,
  operation: string,
  { uuid, at, accountId }: Made,
): string {
  const machine = fieldIn(request, "stateMachineArn")?.split(":").at(-1) ?? "";
  const name = fieldIn(request, "name") ?? uuid;
  const isSync = operation === "StartSyncExecution";
  const kind = isSync ? "express" : "execution";
  const executionArn = `arn:aws:states:${region}:${accountId}:${kind}:${machine}:${name}${isSync ? `:${uuid}` : ""}`;
  // Java writes a number of this size with an exponent
  const date = `${at / 1e12}E9`;
  if (!isSync) return `{"executionArn":${JSON.stringify(executionArn)},"startDate":${date}}`;
  const fields = {
    billingDetails: '{"billedDurationInMilliseconds":100,"billedMemoryUsedInMB":64}',
    executionArn: JSON.stringify(executionArn),
    input: JSON.stringify(fieldIn(request, "input") ?? "{}"),
    inputDetails: '{"included":true}',
    name: JSON.stringify(name),
    output: '"{}"',
    outputDetails: '{"included":true}',
    startDate: date,
    status: '"SUCCEEDED"',
    stopDate: date,
    traceHeader: "null",
  };
  return `{${Object.entries(fields)
    .map(([field, value]) => `"${field}":${value}`)
    .join(",")}}`;
}

function kinesisReply(call: ServiceCall, { at }: Made): string {
  const record = {
    SequenceNumber: `495${String(at).padStart(53, "0")}`,
    ShardId: "shardId-000000000000",
  };
  if (call.operation !== "PutRecords") return JSON.stringify(record);
  return JSON.stringify({
    FailedRecordCount: 0,
    Records: entriesIn(call, "Records").map(() => record),
  });
}

function s3Reply({ operation, request }: ServiceCall): BackendAnswer {
  if (operation === "GetObject" || operation === "HeadObject") {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';
    return {
      statusCode: 404,
      headers: { "content-type": ["application/xml"] },
      body: Buffer.from(operation === "GetObject" ? body : ""),
    };
  }
  const etag = createHash("md5").update(request.body).digest("hex");
  return {
    statusCode: operation === "DeleteObject" ? 204 : 200,
    headers: { etag: [`"${etag}"`] },
    body: new Uint8Array(),
  };
}

function entriesIn({ request }: ServiceCall, name: string): readonly unknown[] {
  const input = parseJson(Buffer.from(request.body).toString())?.value;
  return listOf(fieldOf(input, name));
}
