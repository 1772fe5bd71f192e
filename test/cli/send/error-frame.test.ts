import { expect, test } from "vitest";
import { explainFrame } from "../../../cli/send/error-frame.ts";
import { errorFrame } from "../../../src/emulator/apigateway/integrations/rules/error-frame.ts";

test.each(["Forbidden", "Internal server error", "Endpoint request timed out"] as const)(
  "explains the frame %s of the gateway",
  (message) => {
    expect(explainFrame(errorFrame(message, "aIFHTfpAB-ECx5k=", "aIFHUR5Aey4Fx5w="))).toMatch(
      /\.$/,
    );
  },
);

test.each([
  ['{"message":"Forbidden"}'],
  ['{"message": "Hello", "connectionId":"a", "requestId":"b"}'],
  ["Forbidden"],
])("takes %s for a message of the API", (text) => {
  expect(explainFrame(text)).toBeUndefined();
});
