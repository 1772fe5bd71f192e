import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";

const FUNCTION = `
  const { readFileSync } = require("node:fs");
  exports.handler = async (_, { functionName, invokedFunctionArn }) => ({
    statusCode: 200,
    body: JSON.stringify({
      cwd: process.cwd(),
      root: process.env.LAMBDA_TASK_ROOT,
      own: readFileSync(process.cwd() + "/own.txt", "utf8"),
      handler: process.env._HANDLER,
      name: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionName,
      invokedFunctionArn,
    }),
  });`;

async function gateway(runtime: "in-process" | "child-process") {
  const { root } = makeProject({
    "services/chat/src/app.js": FUNCTION,
    "services/chat/own.txt": "mine",
    "infra/unused.txt": "",
  });
  const started = await startGateway(
    {
      name: "chat",
      apis: {
        chat: {
          routeSelectionExpression: "$request.body.action",
          stages: { dev: {} },
          routes: {
            $connect: { integration: { type: "none" } },
            where: { function: "where", routeResponse: true },
            nowhere: { integration: { type: "none", because: "it leads to a queue" } },
            $disconnect: { integration: { type: "none" } },
          },
        },
      },
      functions: {
        where: {
          handler: "src/app.handler",
          root: "../services/chat",
          functionName: "chat-where-1",
        },
      },
    },
    { root: `${root}/infra`, runtime },
  );
  onTestFinished(() => started.stop());
  return { started, root };
}

test.each(["in-process", "child-process"] as const)(
  "a function runs in its code root under its own name (%s)",
  async (runtime) => {
    const { started, root } = await gateway(runtime);
    const client = await started.connect();

    client.send('{"action":"where"}');

    expect(JSON.parse(await client.next())).toEqual({
      cwd: `${root}/services/chat`,
      root: `${root}/services/chat`,
      own: "mine",
      handler: "src/app.handler",
      name: "chat-where-1",
      functionName: "chat-where-1",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:chat-where-1",
    });
  },
);

test("a route without integration takes connections and answers messages with an error", async () => {
  const { started } = await gateway("in-process");
  const client = await started.connect();

  client.send('{"action":"nowhere"}');

  expect(JSON.parse(await client.next())).toMatchObject({ message: "Internal server error" });
  expect(started.journal.entries()).toContainEqual(
    expect.objectContaining({ type: "message.answered", because: "it leads to a queue" }),
  );
});
