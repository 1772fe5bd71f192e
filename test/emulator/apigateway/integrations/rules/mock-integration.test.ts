import { expect, test } from "vitest";
import { mockStatus } from "../../../../../src/emulator/apigateway/integrations/rules/mock-integration.ts";

test.each([
  ['{"statusCode": 200}', 200],
  ['{"statusCode": 404, "a": 1}', 404],
  ["{statusCode: 200}", 200],
  ["{'statusCode': 200}", 200],
  ["{a : 'b', statusCode : 500 }", 500],
  ['{"statusCode": "200"}', undefined],
  ['{"statusCode": 200.5}', undefined],
  ["{}", undefined],
  ["200", undefined],
  ["", undefined],
  ["{statusCode}", undefined],
])("the status of the mock's output %s is %s", (text, status) => {
  expect(mockStatus(text)).toBe(status);
});
