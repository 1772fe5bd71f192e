import { expect, test } from "vitest";
import { requestContextOf } from "../../../../src/emulator/lambda/rules/payload-context.ts";

const NOTHING = {
  connectionId: undefined,
  requestId: undefined,
  routeKey: undefined,
  eventType: undefined,
};

test("an event of API Gateway says whose it is", () => {
  const said = { connectionId: "c", requestId: "r", routeKey: "$connect", eventType: "CONNECT" };

  expect(requestContextOf({ requestContext: { ...said, apiId: "a" } })).toEqual(said);
});

test.each([
  [undefined],
  [null],
  ["text"],
  [{}],
  [{ requestContext: null }],
  [{ requestContext: { connectionId: 1 } }],
])("%j says nothing", (payload) => {
  expect(requestContextOf(payload)).toEqual(NOTHING);
});
