import { expect, test } from "vitest";
import { idsOfEvent } from "../../../../src/emulator/apigateway/rules/event-ids.ts";

test.each([
  ["those of an event of a WebSocket API", { connectionId: "C=", requestId: "R=" }, "C=", "R="],
  ["a new one for each that is no text", { connectionId: 5, requestId: "R=" }, "new 1", "R="],
  ["two new ones for another event", undefined, "new 1", "new 2"],
])("the ids of an invocation are %s", (_, requestContext, connectionId, requestId) => {
  let made = 0;
  const newId = () => `new ${++made}`;

  expect(idsOfEvent({ requestContext }, newId)).toEqual({ connectionId, requestId });
});
