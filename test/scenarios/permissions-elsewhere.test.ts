import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { listen } from "../listen.ts";

// Calls of services that something else on this machine stands in for.

const root = fileURLToPath(new URL("../../fixtures/aws-calls", import.meta.url));

const QueueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs";
const TopicArn = "arn:aws:sns:us-east-1:123456789012:news";
const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:sm";
const entry = { Id: "1", MessageBody: "hi" };
const event = { Source: "s", DetailType: "d", Detail: "{}" };

/** Calls by version 2 of the SDK. */
const CALLS = {
  send: ["SQS", "sendMessage", { QueueUrl, MessageBody: "hi" }],
  sendBatch: ["SQS", "sendMessageBatch", { QueueUrl, Entries: [entry] }],
  purge: ["SQS", "purgeQueue", { QueueUrl }],
  publish: ["SNS", "publish", { TopicArn, Message: "a & b" }],
  put: ["EventBridge", "putEvents", { Entries: [event] }],
  start: ["StepFunctions", "startExecution", { stateMachineArn, input: "{}" }],
} as const;

const MD5OfMessageBody = createHash("md5").update("hi").digest("hex");
const JSON_ANSWER = JSON.stringify({
  MD5OfMessageBody,
  Successful: [{ Id: "1", MD5OfMessageBody }],
});
const XML_ANSWER =
  "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";

/** What answers in place of AWS, and the bodies that it got. */
async function startElsewhere() {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    const isForm = request.headers["content-type"]?.includes("form") === true;
    response.end(isForm ? XML_ANSWER : JSON_ANSWER);
  });
  return { bodies, url: `http://127.0.0.1:${await listen(server)}` };
}

type Chat = Partial<ApiDefinition["functions"][string]>;

async function start(chat: Chat, services = ["sqs", "sns", "events", "states"]) {
  const { bodies, url } = await startElsewhere();
  const gateway = await startGateway(
    {
      name: "elsewhere",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: {
        chat: { handler: "app.handler", timeout: 20, memory: 256, ...chat },
        other: { handler: "app.handler", roleStatements: [allow("s3:GetObject")] },
      },
      routes: { $default: { function: "chat", routeResponse: true } },
      endpoints: Object.fromEntries(services.map((service) => [service, url])),
    },
    { root, waitMs: 30_000 },
  );
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  return {
    gateway,
    bodies,
    /** The error of a call, if it has one. */
    async call(name: keyof typeof CALLS): Promise<unknown> {
      const [service, operation, input] = CALLS[name];
      client.sendJson({ call: "v2", service, operation, input });
      const { error } = (await client.nextJson()) as { error?: unknown };
      return error;
    },
  };
}

const allow = (Action: string, Resource = "*") => ({ Effect: "Allow" as const, Action, Resource });

const refused = (status: number, name: string, action: string, resource: string) => ({
  name,
  code: name,
  status,
  message: expect.stringMatching(
    new RegExp(
      `^User: arn:aws:sts::123456789012:assumed-role/[^ ]+ is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action$`,
    ),
  ),
});

test("7.5 (1): rejects a role without the action in the words of the service", async () => {
  const { gateway, bodies, call } = await start({});
  const denied = "AccessDeniedException";
  const queue = "arn:aws:sqs:us-east-1:123456789012:jobs";
  const bus = "arn:aws:events:us-east-1:123456789012:event-bus/default";

  expect(await call("send")).toEqual(refused(403, denied, "sqs:sendmessage", queue));
  expect(await call("sendBatch")).toEqual(refused(403, denied, "sqs:sendmessage", queue));
  expect(await call("publish")).toEqual(
    refused(403, "AuthorizationError", "SNS:Publish", TopicArn),
  );
  expect(await call("put")).toEqual(refused(400, denied, "events:PutEvents", bus));
  expect(await call("start")).toEqual(
    refused(400, denied, "states:StartExecution", stateMachineArn),
  );

  expect(bodies).toEqual([]);
  expect(gateway.facts("permission.missing").map(({ statement }) => statement)).toEqual([
    allow("sqs:SendMessage", queue),
    allow("sqs:SendMessage", queue),
    allow("sns:Publish", TopicArn),
    allow("events:PutEvents", bus),
    allow("states:StartExecution", stateMachineArn),
  ]);
});

test("7.5 (1): what a role allows on something of another name goes on", async () => {
  const { bodies, call } = await start({
    roleStatements: [
      allow("sqs:Send*", "arn:aws:sqs:us-east-1:123456789012:app-Jobs-1A2B"),
      allow("sns:publish"),
    ],
  });

  expect(await call("send")).toBeUndefined();
  expect(await call("sendBatch")).toBeUndefined();
  expect(await call("publish")).toBeUndefined();

  expect(bodies).toHaveLength(3);
  expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ MessageBody: "hi" });
  expect(new URLSearchParams(bodies[2]).get("Message")).toBe("a & b");
});

test("7.5 (1): other calls, and those of services with policies of their own, are not judged", async () => {
  const policies = { own: { Statement: [allow("s3:GetObject")] } };
  const { call } = await start({ permissions: { policies, ownPolicies: ["sqs"] } });

  expect(await call("send")).toBeUndefined();
  expect(await call("purge")).toBeUndefined();
  expect(await call("publish")).toMatchObject({ name: "AuthorizationError" });
});

test("7.5 (1): of a call that nothing answers for no role is asked", async () => {
  const { gateway, call } = await start({}, []);

  expect(await call("send")).toMatchObject({ name: "CallStoppedByWsgw" });
  expect(gateway.facts("permission.missing")).toEqual([]);
});
