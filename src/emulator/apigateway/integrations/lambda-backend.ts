import { parseJson } from "../../../values/json.ts";
import type { FactId } from "../../journal/journal.ts";
import type { Invoke } from "../../lambda/function-call.ts";
import { errorPayload } from "../../lambda/rules/function-errors.ts";
import type { BackendOutcome } from "./calls.ts";

/**
 * Invokes a function with the template's output as its event. A function that fails is also answered with
 * 200, and the body is its error.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-custom-integrations.html
 */
export async function callFunction(
  invoke: Invoke,
  call: {
    readonly functionName: string;
    readonly qualifier: string | undefined;
    readonly payload: string;
    readonly isAsync: boolean;
    readonly because: FactId;
  },
): Promise<BackendOutcome> {
  const { functionName, qualifier, because, isAsync } = call;
  const parsed = parseJson(call.payload === "" ? "{}" : call.payload);
  if (parsed === undefined) {
    return {
      kind: "failed",
      because: `Lambda accepts only JSON, but the payload is ${call.payload.slice(0, 200)}`,
    };
  }
  const { value: payload } = parsed;
  const invocationType = isAsync ? "Event" : "RequestResponse";
  const outcome = await invoke({ functionName, qualifier, payload, invocationType, because });
  if (isAsync) return answered(202, "");
  return answered(200, outcome.kind === "returned" ? outcome.payload : errorPayload(outcome));
}

function answered(statusCode: number, body: string): BackendOutcome {
  return { kind: "answered", statusCode, headers: {}, body: Buffer.from(body) };
}
