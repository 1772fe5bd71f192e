import { expect, test } from "vitest";
import { interpretConnectResult } from "../../../../../src/emulator/apigateway/connect/rules/connect-result.ts";

const returned = (value: unknown) =>
  interpretConnectResult({ kind: "returned", payload: JSON.stringify(value) }, false, {
    connectionId: "c",
    requestId: "r",
  });

test.each(["Sec-WebSocket-Protocol", "sec-websocket-protocol", "Sec-Websocket-Protocol"])(
  "the subprotocol that $connect chose is found in the header %s",
  (name) => {
    expect(returned({ statusCode: 200, headers: { [name]: "b", "Set-Cookie": "x" } })).toEqual({
      kind: "accept",
      subprotocol: "b",
    });
  },
);

test.each([
  ["null", { headers: { "Sec-WebSocket-Protocol": null } }],
  ["an empty list", { multiValueHeaders: { "Sec-WebSocket-Protocol": [] } }],
  ["no headers at all", { headers: null, multiValueHeaders: null }],
])("%s names no subprotocol", (_, result) => {
  expect(returned({ statusCode: 200, ...result })).toEqual({
    kind: "accept",
    subprotocol: undefined,
  });
});

test("a subprotocol in multiValueHeaders counts too", () => {
  expect(
    returned({ statusCode: 200, multiValueHeaders: { "Sec-WebSocket-Protocol": ["b"] } }),
  ).toMatchObject({ subprotocol: "b" });
});
