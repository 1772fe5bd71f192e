import { isObject, listOf, parseJson, stringIn } from "../../../values/json.ts";
import { type AccessDenied, deniedMessage } from "../../iam/rules/access-denied.ts";
import type { HttpAnswer } from "./http-answer.ts";

/** A call of a service with a local endpoint. */
export type StandInCall = {
  /** The service name in host names, such as `sqs`. */
  readonly service: string;
  readonly operation: string;
  readonly body: string;
  /** Where the resource would be on AWS. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
};

/** The permission that such a call needs. */
export type NeededAction = { readonly action: string; readonly resource: string };

/** The actions of sending calls, by service and operation. Batches need the action of their entries. */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sqs: { SendMessage: "sqs:SendMessage", SendMessageBatch: "sqs:SendMessage" },
  sns: { Publish: "sns:Publish", PublishBatch: "sns:Publish" },
  events: { PutEvents: "events:PutEvents" },
  states: {
    StartExecution: "states:StartExecution",
    StartSyncExecution: "states:StartSyncExecution",
  },
};

/** Whether calls of a service may need an action. */
export function sends(service: string): boolean {
  return Object.hasOwn(ACTIONS, service);
}

/** The permission that a call needs; undefined if wsgw does not check it. */
export function neededAction(call: StandInCall): NeededAction | undefined {
  const { service, operation } = call;
  const actions = Object.hasOwn(ACTIONS, service) ? ACTIONS[service] : undefined;
  const action = actions && Object.hasOwn(actions, operation) ? actions[operation] : undefined;
  return action === undefined ? undefined : { action, resource: resourceOf(call) };
}

/** The ARN of the target, as it would be on AWS; `*` if the call does not name it. */
function resourceOf({ service, body, partition, region, accountId }: StandInCall): string {
  const json = parseJson(body)?.value;
  const input = isObject(json) ? json : Object.fromEntries(new URLSearchParams(body));
  const arn = (rest: string) => `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  const textIn = (name: string) => (typeof input[name] === "string" ? input[name] : undefined);
  switch (service) {
    case "sqs": {
      const name = textIn("QueueUrl")?.split("/").at(-1);
      return name === undefined ? "*" : arn(name);
    }
    case "events":
      return arn(`event-bus/${busOf(input.Entries)}`);
    case "states":
      return textIn("stateMachineArn") ?? "*";
    default:
      return textIn("TopicArn") ?? textIn("TargetArn") ?? "*";
  }
}

function busOf(entries: unknown): string {
  const name = stringIn(listOf(entries)[0], "EventBusName") ?? "default";
  return name.split("/").at(-1) ?? name;
}

/**
 * The response of a service when the caller's role does not allow a call. Assumed formats, which were not
 * captured: SQS writes the action in lower case, SNS begins it with its name in capitals and answers in XML,
 * and others answer like DynamoDB.
 */
export function standInDenial(service: string, denied: AccessDenied): HttpAnswer {
  const { action } = denied;
  if (service === "sns") {
    const message = deniedMessage({ ...denied, action: action.replace("sns:", "SNS:") });
    const text = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${text}</Message></Error>`;
    return {
      statusCode: 403,
      headers: { "Content-Type": "text/xml" },
      body: `<ErrorResponse>${error}</ErrorResponse>`,
    };
  }
  const isQueue = service === "sqs";
  const Message = deniedMessage({ ...denied, action: isQueue ? action.toLowerCase() : action });
  return {
    statusCode: isQueue ? 403 : 400,
    headers: {
      "Content-Type": `application/x-amz-json-${service === "events" ? "1.1" : "1.0"}`,
      "x-amzn-ErrorType": "AccessDeniedException",
    },
    body: JSON.stringify({
      __type: "com.amazon.coral.service#AccessDeniedException",
      Message,
    }),
  };
}
