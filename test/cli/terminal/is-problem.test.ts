import { expect, test } from "vitest";
import { isProblem } from "../../../cli/terminal/is-problem.ts";
import type { Entry } from "../../../src/app.ts";
import type { Fact } from "../../../src/emulator/facts.ts";

const entry = (fact: Fact): Entry => ({ seq: 1, id: 1, at: 0, ...fact });
const connectionId = "Xux7aeaAFiACHZQ=";

test.each<[string, Fact, boolean]>([
  ["a warning", { type: "warning", message: "x" }, true],
  ["a broken project", { type: "project.broken", message: "x", hint: "y" }, true],
  [
    "a change that needs a restart",
    { type: "project.changed", file: "a", needsRestart: ["name"] },
    true,
  ],
  ["a change that is applied", { type: "project.changed", file: "a", needsRestart: [] }, false],
  [
    "a handshake that failed",
    { type: "connection.refused", connectionId, statusCode: 502, because: "x", durationMs: 1 },
    true,
  ],
  [
    "a handshake that was refused",
    { type: "connection.refused", connectionId, statusCode: 401, because: "x", durationMs: 1 },
    false,
  ],
  [
    "a post to a connection that is gone",
    {
      type: "management.answered",
      method: "POST",
      connectionId,
      functionName: undefined,
      statusCode: 410,
      because: "gone",
    },
    false,
  ],
  [
    "a post that is refused",
    {
      type: "management.answered",
      method: "POST",
      connectionId,
      functionName: undefined,
      statusCode: 403,
      because: "wrong-signature",
    },
    true,
  ],
  [
    "a call to AWS that was stopped",
    {
      type: "aws.stopped",
      service: "s3",
      operation: "PutObject",
      host: "s3.us-east-1.amazonaws.com",
      functionName: "send",
      connectionId,
    },
    true,
  ],
  [
    "a call that the built-in DynamoDB does not support",
    {
      type: "dynamodb.unsupported",
      operation: "TransactWriteItems",
      parameter: undefined,
      functionName: "send",
    },
    true,
  ],
  ["a frame", { type: "frame.sent", connectionId, text: "x", cause: "post" }, false],
])("%s is trouble: %s", (_, fact, trouble) => {
  expect(isProblem(entry(fact))).toBe(trouble);
});
