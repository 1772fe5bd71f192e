import { expect, test } from "vitest";
import {
  accessDenied,
  general,
  invalidForm,
  invalidParameter,
  notFound,
  notJson,
  otherAccount,
  rejectionAnswer,
} from "../../../../../src/emulator/lambda/api/rules/rejections.ts";

test.each([
  [
    "a signature",
    general("InvalidSignatureException", "no"),
    403,
    "InvalidSignatureException",
    { message: "no" },
  ],
  [
    "a parameter's form",
    invalidForm("ValidationException", "v", "f", "c"),
    400,
    "ValidationException",
    {
      message:
        "1 validation error detected: Value 'v' at 'f' failed to satisfy constraint: Member must satisfy c",
    },
  ],
  [
    "a function that is not there",
    notFound("no"),
    404,
    "ResourceNotFoundException",
    { Type: "User", Message: "no" },
  ],
  [
    "a parameter",
    invalidParameter("no"),
    400,
    "InvalidParameterValueException",
    { Type: "User", message: "no" },
  ],
  [
    "a payload that is not JSON",
    notJson("no"),
    400,
    "InvalidRequestContentException",
    {
      Type: "User",
      message: "Could not parse request body into json: Could not parse payload into json: no",
    },
  ],
  [
    "a caller whose role does not allow it",
    accessDenied({ caller: "ann", action: "a", resource: "r", decision: "implicit-deny" }),
    403,
    "AccessDeniedException",
    {
      Message:
        "User: ann is not authorized to perform: a on resource: r because no identity-based policy allows the a action",
    },
  ],
  [
    "a function of another account",
    otherAccount("ann", "arn"),
    403,
    "AccessDeniedException",
    {
      Message:
        "User: ann is not authorized to perform: lambda:InvokeFunction on resource: arn because no resource-based policy allows the lambda:InvokeFunction action",
    },
  ],
])(
  "rejects %s with status, headers and body of Lambda",
  (_, rejection, statusCode, errorType, body) => {
    expect(rejectionAnswer(rejection, "id")).toEqual({
      statusCode,
      headers: {
        "Content-Type": "application/json",
        "x-amzn-RequestId": "id",
        "x-amzn-ErrorType": errorType,
      },
      body: JSON.stringify(body),
    });
  },
);
