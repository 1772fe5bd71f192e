import { type AccessDenied, deniedMessage } from "../../../iam/rules/access-denied.ts";
import type { HttpAnswer } from "../../../network/rules/http-answer.ts";

/** Lambda's response when it rejects a call. */
export type LambdaRejection = {
  readonly statusCode: number;
  /** For example `ResourceNotFoundException`. */
  readonly errorType: string;
  /** The fields of the JSON body; some of Lambda's errors spell `Message` with a capital letter. */
  readonly body: Readonly<Record<string, string>>;
};

/** A rejection by the front end that all AWS services share: signature, format of parameters. */
export function general(errorType: string, message: string, statusCode = 403): LambdaRejection {
  return { statusCode, errorType, body: { message } };
}

/** A rejection of a parameter whose format is not valid. [documented] model:lambda has the formats */
export function invalidForm(
  errorType: "ValidationException" | "InvalidParameterValueException",
  value: string,
  field: string,
  constraint: string,
): LambdaRejection {
  const message = `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: Member must satisfy ${constraint}`;
  return general(errorType, message, 400);
}

/** [observed] */
export function notFound(message: string): LambdaRejection {
  const body = { Type: "User", Message: message };
  return { statusCode: 404, errorType: "ResourceNotFoundException", body };
}

export function invalidParameter(message: string): LambdaRejection {
  const body = { Type: "User", message };
  return { statusCode: 400, errorType: "InvalidParameterValueException", body };
}

/** [documented] model:lambda; `detail` comes from Node's parser and differs from Lambda's own. */
export function notJson(detail: string): LambdaRejection {
  const message = `Could not parse request body into json: Could not parse payload into json: ${detail}`;
  const body = { Type: "User", message };
  return { statusCode: 400, errorType: "InvalidRequestContentException", body };
}

/** The caller's role does not allow it to invoke the function. [documented] */
export function accessDenied(denied: AccessDenied): LambdaRejection {
  const body = { Message: deniedMessage(denied) };
  return { statusCode: 403, errorType: "AccessDeniedException", body };
}

/** A function of another account: the emulator has no cross-account permissions. [documented] */
export function otherAccount(caller: string, functionArn: string): LambdaRejection {
  const action = "lambda:InvokeFunction";
  const why = `because no resource-based policy allows the ${action} action`;
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${functionArn} ${why}`;
  return { statusCode: 403, errorType: "AccessDeniedException", body: { Message: message } };
}

export function rejectionAnswer(
  { statusCode, errorType, body }: LambdaRejection,
  requestId: string,
) {
  return {
    statusCode,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": requestId,
      "x-amzn-ErrorType": errorType,
    },
    body: JSON.stringify(body),
  } satisfies HttpAnswer;
}
