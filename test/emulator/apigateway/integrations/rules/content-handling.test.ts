import { expect, test } from "vitest";
import { convertContent } from "../../../../../src/emulator/apigateway/integrations/rules/content-handling.ts";

test.each([
  [undefined, "aé", "aé"],
  ["CONVERT_TO_TEXT", "aé", "YcOp"],
  ["CONVERT_TO_BINARY", "YcOp", "aé"],
  ["CONVERT_TO_BINARY", "YQ==", "a"],
  ["CONVERT_TO_BINARY", "YWI=", "ab"],
  ["CONVERT_TO_BINARY", "", ""],
  ["CONVERT_TO_BINARY", "YcO", undefined],
  ["CONVERT_TO_BINARY", "?YcOp", undefined],
  ["CONVERT_TO_BINARY", "YcOp?", undefined],
  ["CONVERT_TO_BINARY", "YQ==YQ==", undefined],
] as const)("%s makes of %j %j", (handling, text, converted) => {
  const bytes = convertContent(Buffer.from(text), handling);

  expect(bytes && Buffer.from(bytes).toString()).toBe(converted);
});
