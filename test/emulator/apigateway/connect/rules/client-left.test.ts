import { expect, test } from "vitest";
import { afterConnect } from "../../../../../src/emulator/apigateway/connect/rules/client-left.ts";
import { reject } from "../../../../../src/emulator/apigateway/connect/rules/rejection-responses.ts";

const ACCEPTANCE = { kind: "accept", connectionId: "c", subprotocol: undefined } as const;
const REJECTION = reject("unknown-stage", { requestId: "r", apigwId: "a" });

test("a client that waits gets the decision", () => {
  expect(afterConnect(ACCEPTANCE, true)).toEqual({ kind: "open", acceptance: ACCEPTANCE });
  expect(afterConnect(REJECTION, true)).toEqual({ kind: "answer", rejection: REJECTION });
});

test("$disconnect follows for a client that left only if $connect accepted it", () => {
  expect(afterConnect(ACCEPTANCE, false)).toEqual({ kind: "abandon", connectionId: "c" });
  expect(afterConnect(REJECTION, false)).toEqual({ kind: "nothing" });
});
