import { expect, test } from "vitest";
import { errorFrame } from "../../../../../src/emulator/apigateway/integrations/rules/error-frame.ts";

test("error frames have the exact spacing of captured ones", () => {
  expect(errorFrame("Forbidden", "XDmENcnwIE0CFEQ=", "XDmGEE2RoE0FRdQ=")).toBe(
    '{"message": "Forbidden", "connectionId":"XDmENcnwIE0CFEQ=", "requestId":"XDmGEE2RoE0FRdQ="}',
  );
});
