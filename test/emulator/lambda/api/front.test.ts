import { createServer, type IncomingMessage } from "node:http";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import { createJournal, type Warning } from "../../../../src/emulator/journal/journal.ts";
import { createLambdaApi } from "../../../../src/emulator/lambda/api/front.ts";
import type { LambdaFact } from "../../../../src/emulator/lambda/facts.ts";
import type { FunctionCall, Outcome } from "../../../../src/emulator/lambda/function-call.ts";
import type { Invoked } from "../../../../src/emulator/lambda/known-invocations.ts";
import type { NetworkFact } from "../../../../src/emulator/network/facts.ts";
import type { Ids } from "../../../../src/ids.ts";
import { listen } from "../../../listen.ts";

/** Lambda's API with the one function `worker`, which answers as the test says. */
async function serve(
  answer: (call: FunctionCall) => Promise<Outcome> = async () => ({
    kind: "returned",
    payload: '"done"',
  }),
  caller?: Invoked,
) {
  const journal = createJournal<LambdaFact | NetworkFact | Warning>(
    createManualClock(Date.parse("2026-03-01T00:00:00Z")).now,
  );
  let subscribers = 0;
  const subscribe: typeof journal.subscribe = (listener) => {
    const unsubscribe = journal.subscribe(listener);
    subscribers += 1;
    return () => {
      subscribers -= 1;
      unsubscribe();
    };
  };
  const invoked: FunctionCall[] = [];
  const followed = new Set<number>();
  const checked: object[] = [];
  const lookedUp: unknown[] = [];
  let uuids = 0;
  const api = createLambdaApi({
    home: { region: "us-east-1", accountId: "123456789012" },
    memoryOf: (name) => (name === "worker" ? 128 : undefined),
    hasAlias: (name, alias) => name === "worker" && alias === "blue",
    secretFor: (accessKeyId) =>
      accessKeyId === KEYS.accessKeyId ? { ...KEYS, functionName: "send" } : undefined,
    check: ({ resource, ...call }) => {
      checked.push({ ...call, resource: resource() });
      return undefined;
    },
    takesOtherKeys: true,
    invoke: (call) => {
      invoked.push(call);
      return answer(call);
    },
    ids: { uuid: () => `uuid-${++uuids}` } as unknown as Ids,
    journal: { record: journal.record, subscribe },
    invocationOf(...asked) {
      lookedUp.push(asked);
      return caller;
    },
    followed,
  });
  const server = createServer(api.listener);
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  const clientWith = (credentials: { accessKeyId: string; secretAccessKey: string }) => {
    const made = new LambdaClient({ region: "us-east-1", endpoint, credentials, maxAttempts: 1 });
    onTestFinished(() => made.destroy());
    return made;
  };
  const client = clientWith({ accessKeyId: "AKIA", secretAccessKey: "secret" });
  const warnings = () =>
    journal.entries().flatMap((entry) => (entry.type === "warning" ? [entry.message] : []));
  const facts = () => journal.entries().filter(({ type }) => type === "invoke.answered");
  const listeners = () => subscribers;
  return {
    ...{ api, server, client, clientWith, journal, invoked, followed },
    ...{ warnings, facts, listeners, checked, lookedUp },
  };
}

/** The keys of the function `send`. */
const KEYS = { accessKeyId: "ASIA", secretAccessKey: "its own", sessionToken: "token" };

test("warns once of each version or alias that the project does not have, and runs the function", async () => {
  const { client, warnings, invoked } = await serve();

  for (const Qualifier of ["live", "live", "7", "blue", "$LATEST", undefined]) {
    await client.send(new InvokeCommand({ FunctionName: "worker", Qualifier }));
  }

  expect(invoked.map(({ qualifier }) => qualifier)).toEqual([
    "live",
    "live",
    "7",
    "blue",
    "$LATEST",
    undefined,
  ]);
  expect(warnings()).toEqual([
    "worker:live was invoked. Every version and alias runs the current code here. On AWS the call fails unless it exists there.",
    "worker:7 was invoked. Every version and alias runs the current code here. On AWS the call fails unless it exists there.",
  ]);
});

test("passes on a call with its payload; its answer and its fact contain the result", async () => {
  const { client, invoked, facts } = await serve();

  const answer = await client.send(
    new InvokeCommand({ FunctionName: "worker", Payload: '{"a":1}' }),
  );

  expect(invoked).toEqual([
    {
      functionName: "worker",
      invocationType: "RequestResponse",
      payload: { a: 1 },
      awsRequestId: "uuid-1",
      because: undefined,
    },
  ]);
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(answer.$metadata.requestId).toBe("uuid-1");
  expect(Buffer.from(answer.Payload ?? []).toString()).toBe('"done"');
  expect(answer.LogResult).toBeUndefined();
  expect(facts()).toEqual([
    {
      ...{ type: "invoke.answered", seq: 1, id: 1, at: expect.any(Number) },
      ...{ target: "worker", invocationType: "RequestResponse", statusCode: 200 },
    },
  ]);
});

test("a call of a function that runs is caused by that, and about its connection", async () => {
  const caller = { started: 7, connectionId: "ann", requestId: "request" };
  const { client, invoked, facts } = await serve(undefined, caller);

  await client.send(new InvokeCommand({ FunctionName: "worker" }));

  expect(invoked).toMatchObject([{ because: 7 }]);
  expect(facts()).toMatchObject([{ causedBy: 7, connectionId: "ann" }]);
});

test("a call that a function signed is checked by its role, and its fact names the function", async () => {
  const caller = { started: 7, connectionId: "ann", requestId: "request" };
  const { clientWith, checked, facts, lookedUp } = await serve(undefined, caller);
  const client = clientWith(KEYS);
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amzn-trace-id"] = "Root=1-0-0;Parent=0123456789abcdef;Sampled=0";
      return next(args);
    },
    { step: "build" },
  );

  await client.send(new InvokeCommand({ FunctionName: "worker", Qualifier: "blue" }));

  expect(checked).toEqual([
    {
      functionName: "send",
      action: "lambda:InvokeFunction",
      resource: "arn:aws:lambda:us-east-1:123456789012:function:worker:blue",
      because: 7,
    },
  ]);
  expect(facts()).toMatchObject([{ functionName: "send", target: "worker", statusCode: 200 }]);
  expect(lookedUp).toContainEqual([expect.any(Number), "0123456789abcdef", "send"]);
});

test("an Event is answered when it is queued, and its payload is not the answer", async () => {
  const { client, invoked, facts } = await serve();

  const answer = await client.send(
    new InvokeCommand({ FunctionName: "worker", InvocationType: "Event", Payload: "[1]" }),
  );

  expect(answer.StatusCode).toBe(202);
  expect(answer.Payload ?? []).toHaveLength(0);
  expect(invoked).toMatchObject([{ invocationType: "Event", payload: [1] }]);
  expect(facts()).toMatchObject([{ invocationType: "Event", statusCode: 202 }]);
});

test.each([
  ["POST", "worker/invocations", true, true],
  ["POST", "other/invocations", true, false],
  ["GET", "worker", false, true],
])(
  "%s %s is Invoke: %s, and about a function of the project: %s",
  async (method, path, is, own) => {
    const { api } = await serve();
    const headers = { host: "lambda.us-east-1.amazonaws.com" };
    const request = (host: string) =>
      ({
        ...{ method, url: `/2015-03-31/functions/${path}`, headers: { host } },
      }) as unknown as IncomingMessage;

    expect(api.isInvoke(request(headers.host))).toBe(is);
    expect(api.isOwn(request(headers.host))).toBe(own);
    expect(api.isOwn(request("lambda.eu-west-1.amazonaws.com"))).toBe(false);
  },
);

test("a DryRun is answered, and runs nothing", async () => {
  const { client, invoked, facts } = await serve();

  const answer = await client.send(
    new InvokeCommand({ FunctionName: "worker", InvocationType: "DryRun" }),
  );

  expect(answer).toMatchObject({ StatusCode: 204 });
  expect(invoked).toEqual([]);
  expect(facts()).toMatchObject([{ invocationType: "DryRun", statusCode: 204 }]);
});

test("the tail of the log has the lines of its own invocation alone", async () => {
  const log = (awsRequestId: string, text: string) =>
    journal.record({
      type: "function.logged",
      functionName: "worker",
      stream: "stdout",
      text,
      awsRequestId,
      requestId: undefined,
      connectionId: undefined,
    });
  const { client, journal, listeners } = await serve(async ({ awsRequestId = "" }) => {
    log("another", "not this");
    log(awsRequestId, "this");
    return { kind: "returned", payload: "null" };
  });

  const { LogResult = "" } = await client.send(
    new InvokeCommand({ FunctionName: "worker", LogType: "Tail" }),
  );

  expect(Buffer.from(LogResult, "base64").toString()).toBe("this\n");
  expect(listeners()).toBe(0);
});

test("a rejected call has a fact with the reason, and the function that was meant", async () => {
  const { client, facts, invoked } = await serve();

  await expect(client.send(new InvokeCommand({ FunctionName: "other" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $metadata: { httpStatusCode: 404, requestId: "uuid-1" },
  });

  expect(invoked).toEqual([]);
  expect(facts()).toMatchObject([
    { target: "other", statusCode: 404, errorType: "ResourceNotFoundException" },
  ]);
});

test.each([
  ["an error", new Error("Function worker is not there."), "Function worker is not there."],
  ["something else", "no error", "no error"],
])(
  "a call that fails with %s before it runs is a fault of the service",
  async (_, thrown, message) => {
    const { client, facts, api } = await serve(async () => {
      throw thrown;
    });

    await expect(client.send(new InvokeCommand({ FunctionName: "worker" }))).rejects.toMatchObject({
      name: "ServiceException",
      message,
      $metadata: { httpStatusCode: 500, requestId: "uuid-2" },
    });

    expect(facts()).toMatchObject([{ statusCode: 500 }]);
    expect(api.waiting()).toBe(0);
  },
);

test.each([
  ["counts while its function runs", true, 1],
  ["of a program that is not followed does not count", false, 0],
])("a call %s", async (_, isFollowed, count) => {
  let waiting = -1;
  const { client, server, api, followed } = await serve(async () => {
    waiting = api.waiting();
    return { kind: "returned", payload: "null" };
  });
  if (isFollowed) server.on("connection", ({ remotePort = 0 }) => followed.add(remotePort));

  await client.send(new InvokeCommand({ FunctionName: "worker" }));

  expect(waiting).toBe(count);
  expect(api.waiting()).toBe(0);
});
