import { expect, test } from "vitest";
import type { ApiDefinition, TestClient, TestGateway } from "../../src/testing/index.ts";
import { apiOf, gatewayFor } from "./support.ts";

const email = {
  $schema: "http://json-schema.org/draft-04/schema#",
  type: "object",
  required: ["address"],
  properties: { address: { $ref: "address" }, copies: { type: "integer", maximum: 3 } },
};
const address = { type: "string", minLength: 3 };

const validated: Pick<ApiDefinition["routes"][string], "modelSelectionExpression"> = {
  modelSelectionExpression: "${request.body.messageType}",
};

/** A gateway whose route `send` has the models that tests need, and answers `sent`. */
function gatewayWith(
  route: Partial<ApiDefinition["routes"][string]> = {},
  more: Partial<ApiDefinition> = {},
): Promise<TestGateway> {
  const definition = apiOf(["send"], {
    models: { emailModel: email, address },
    routes: {
      send: {
        function: "send",
        routeResponse: true,
        ...validated,
        requestModels: { email: "emailModel" },
        ...route,
      },
    },
    ...more,
  });
  const handlers = { send: async () => ({ statusCode: 200, body: "sent" }) };
  return gatewayFor(definition, { handlers });
}

/** Sends a message and gives back the frame that comes, with placeholders for ids. */
async function answerTo(client: TestClient, message: unknown): Promise<string> {
  client.send(typeof message === "string" ? message : JSON.stringify(message));
  const frame = await client.next();
  return frame
    .replace(/"connectionId":"[^"]+"/, '"connectionId":"C"')
    .replace(/"requestId":"[^"]+"/, '"requestId":"R"');
}

const REJECTED = '{"message": "Invalid request body", "connectionId":"C", "requestId":"R"}';
const becauseOf = (gateway: TestGateway) => gateway.facts("message.answered").at(-1)?.because;

test("10 (1): rejects a message that does not match its model, and does not call the function", async () => {
  const gateway = await gatewayWith();
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send", messageType: "email" })).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe(
    'the message does not match the model emailModel: [object has missing required properties (["address"])]',
  );
  expect(gateway.facts("function.started")).toEqual([]);

  const fits = { action: "send", messageType: "email", address: "ann@example.com" };
  expect(await answerTo(client, fits)).toBe("sent");
});

test("10 (2): rejects a message for which the route has no model", async () => {
  const gateway = await gatewayWith();
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send", messageType: "sms" })).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe('the route has no model for "sms"');
  expect(await answerTo(client, { action: "send" })).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe('the route has no model for ""');
});

test("10 (3): the model of $default is for all other messages", async () => {
  const gateway = await gatewayWith({ requestModels: { $default: "emailModel" } });
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send", messageType: "sms" })).toBe(REJECTED);
  expect(await answerTo(client, { action: "send", address: "ann" })).toBe("sent");
});

test.each(["$default", "\\$default"])(
  "10 (4): the expression %s chooses the model of $default for every message",
  async (modelSelectionExpression) => {
    const gateway = await gatewayWith({
      modelSelectionExpression,
      requestModels: { $default: "emailModel" },
    });
    const client = await gateway.connect();

    expect(await answerTo(client, { action: "send" })).toBe(REJECTED);
    expect(await answerTo(client, { action: "send", address: "ann" })).toBe("sent");
  },
);

test("10 (4): a fixed string chooses the same model for every message", async () => {
  const gateway = await gatewayWith({ modelSelectionExpression: "email" });
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send" })).toBe(REJECTED);
  expect(await answerTo(client, { action: "send", address: "ann" })).toBe("sent");
});

test("10 (5): a model follows references to another model and to its own definitions", async () => {
  const gateway = await gatewayWith(
    { modelSelectionExpression: "parcel", requestModels: { parcel: "parcel" } },
    {
      models: {
        address,
        parcel: {
          type: "object",
          properties: {
            to: { $ref: "https://apigateway.amazonaws.com/restapis/abc123/models/address" },
            size: { $ref: "#/definitions/size" },
          },
          definitions: { size: { type: "number", minimum: 0, exclusiveMinimum: true } },
        },
      },
    },
  );
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send", to: "me", size: 0 })).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe(
    'the message does not match the model parcel: [string "me" is too short (length: 2, required minimum: 3), numeric instance is not strictly greater than the required minimum 0]',
  );
  expect(await answerTo(client, { action: "send", to: "ann", size: 1 })).toBe("sent");
});

test("10 (6): rejects messages that are not JSON objects, and the connection stays open", async () => {
  const gateway = await gatewayWith(
    {},
    {
      routes: {
        $default: {
          function: "send",
          routeResponse: true,
          modelSelectionExpression: "any",
          requestModels: { any: "address" },
        },
      },
    },
  );
  const client = await gateway.connect();

  expect(await answerTo(client, "hello")).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe("the route has models, and the message is not JSON");
  expect(await answerTo(client, '"hello"')).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe("a message for the model address must be a JSON object");
  expect(gateway.facts("connection.closed")).toEqual([]);
});

test("10 (7): a model of $connect has no effect", async () => {
  const gateway = await gatewayFor(
    apiOf(["$connect"], {
      models: { email: { type: "object", required: ["address"] } },
      routes: {
        $connect: {
          function: "connect",
          modelSelectionExpression: "email",
          requestModels: { email: "email" },
        },
      },
    }),
  );

  await gateway.connect();

  expect(gateway.facts("warning").map(({ message }) => message)).toEqual([
    expect.stringContaining("$connect has no message to validate. Its models have no effect."),
  ]);
});

test("models without an expression reject nothing", async () => {
  const definition = apiOf(["send"], {
    models: { email: { type: "object", required: ["address"] } },
    routes: { send: { function: "send", requestModels: { email: "email" }, routeResponse: true } },
  });
  const handlers = { send: async () => ({ statusCode: 200, body: "sent" }) };
  const gateway = await gatewayFor(definition, { handlers });
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send" })).toBe("sent");
});

test("with disableSchemaValidation an invalid model starts, and rejects its messages", async () => {
  const gateway = await gatewayWith(
    {},
    { disableSchemaValidation: true, models: { emailModel: { type: "objekt" } } },
  );
  const client = await gateway.connect();

  expect(await answerTo(client, { action: "send", messageType: "email" })).toBe(REJECTED);
  expect(becauseOf(gateway)).toBe("the schema of the model emailModel is invalid");
});
