import { expect, test } from "vitest";
import {
  createSigningKeys,
  signedHeaders,
} from "../../../../../src/emulator/iam/rules/sign-request.ts";
import type { IssuedKey } from "../../../../../src/emulator/iam/rules/verify-signature.ts";
import {
  type InvokeCall,
  invocationTypeOf,
  invokedName,
  type LambdaPlace,
  readInvoke,
} from "../../../../../src/emulator/lambda/api/rules/read-invoke.ts";

const PATH = "/2015-03-31/functions/worker/invocations";

const PLACE: LambdaPlace = {
  region: undefined,
  home: { region: "us-east-1", accountId: "123456789012" },
  hasFunction: (name) => name === "worker",
  denied: () => undefined,
  secretFor: () => undefined,
  takesOtherKeys: true,
  signingKeys: createSigningKeys(),
};

function read({
  url = PATH,
  headers = {},
  body = "{}",
  region,
  scope = "us-east-1/lambda",
  takesOtherKeys = true,
  isTooLarge = false,
  issued,
  denied = PLACE.denied,
}: {
  readonly denied?: LambdaPlace["denied"];
  readonly isTooLarge?: boolean;
  readonly issued?: IssuedKey;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly region?: string;
  readonly scope?: string;
  readonly takesOtherKeys?: boolean;
} = {}) {
  const all = {
    authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260301/${scope}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    "x-amz-date": "20260301T000000Z",
    ...headers,
  };
  return readInvoke(
    {
      method: "POST",
      url,
      rawHeaders: Object.entries(all).flat(),
      body: Buffer.from(body),
      isTooLarge,
    },
    { ...PLACE, region, secretFor: () => issued, takesOtherKeys, denied },
  );
}

const usual: InvokeCall = {
  functionName: "worker",
  qualifier: undefined,
  invocationType: "RequestResponse",
  wantsLog: false,
  payload: {},
};

test.each([
  ["the defaults", {}, {}],
  ["a payload that is no object", { body: "[1]" }, { payload: [1] }],
  ["no payload", { body: "" }, { payload: {} }],
  ["Event", { headers: { "X-Amz-Invocation-Type": "Event" } }, { invocationType: "Event" }],
  ["Tail", { headers: { "X-Amz-Log-Type": "Tail" } }, { wantsLog: true }],
  ["a qualifier", { url: `${PATH}?Qualifier=live` }, { qualifier: "live" }],
  [
    "a name with a qualifier",
    { url: PATH.replace("worker", "worker:live") },
    { qualifier: "live" },
  ],
  [
    "the same qualifier twice",
    { url: `${PATH.replace("worker", "worker:live")}?Qualifier=live` },
    { qualifier: "live" },
  ],
  [
    "the longest qualifier",
    { url: `${PATH}?Qualifier=${"q".repeat(128)}` },
    { qualifier: "q".repeat(128) },
  ],
  ["DryRun", { headers: { "X-Amz-Invocation-Type": "DryRun" } }, { invocationType: "DryRun" }],
  ["no log", { headers: { "X-Amz-Log-Type": "None" } }, {}],
  [
    "the largest payload of an event",
    { headers: { "X-Amz-Invocation-Type": "Event" }, body: `"${"x".repeat(1024 * 1024 - 2)}"` },
    { invocationType: "Event", payload: "x".repeat(1024 * 1024 - 2) },
  ],
  ["the region of its endpoint", { region: "us-east-1" }, {}],
  [
    "an ARN",
    {
      url: PATH.replace(
        "worker",
        encodeURIComponent("arn:aws:lambda:us-east-1:123456789012:function:worker"),
      ),
    },
    {},
  ],
  ["an empty qualifier", { url: `${PATH}?Qualifier=` }, {}],
  ["a region that AWS cannot have", { scope: "local/lambda" }, {}],
])("reads a call with %s", (_, request, more) => {
  expect(read(request)).toEqual({ kind: "call", caller: undefined, call: { ...usual, ...more } });
});

type Rejected = [Parameters<typeof read>[0], string, string | RegExp];

test.each<Rejected>([
  [
    { url: "/2015-03-31/functions/a%20b/invocations" },
    "ValidationException",
    /^1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: \(arn:/,
  ],
  [
    { url: `${PATH}?Qualifier=a.b` },
    "ValidationException",
    "1 validation error detected: Value 'a.b' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)",
  ],
  [
    { headers: { "x-amz-log-type": "All" } },
    "InvalidParameterValueException",
    "1 validation error detected: Value 'All' at 'logType' failed to satisfy constraint: Member must satisfy enum value set: [Tail, None]",
  ],
  [
    { body: Buffer.from([0x22, 0xff, 0x22]) },
    "InvalidRequestContentException",
    "Could not parse request body into json: Could not parse payload into json: Invalid UTF-8",
  ],
  [
    { scope: "eu-west-1/lambda", region: "us-east-1" },
    "InvalidSignatureException",
    "Credential should be scoped to a valid region, not 'eu-west-1'. ",
  ],
  [
    { scope: "us-east-1/s3" },
    "InvalidSignatureException",
    "Credential should be scoped to correct service: 'lambda'. ",
  ],
  [
    { scope: "eu-west-1/lambda" },
    "ResourceNotFoundException",
    "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:worker:$LATEST",
  ],
  [
    { takesOtherKeys: false },
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  ],
  [
    { url: `${PATH.replace("worker", "worker:live")}?Qualifier=other` },
    "InvalidParameterValueException",
    "The derived qualifier from the function name does not match the specified qualifier.",
  ],
  [{ url: `${PATH}?Qualifier=${"q".repeat(129)}` }, "ValidationException", /at 'qualifier' failed/],
  [
    { headers: { "X-Amz-Invocation-Type": "Later" } },
    "InvalidParameterValueException",
    "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
  ],
  [
    { headers: { "X-Amz-Invocation-Type": "Event" }, body: "x".repeat(1024 * 1024 + 1) },
    "RequestTooLargeException",
    "Request must be smaller than 1048576 bytes for the InvokeFunction operation",
  ],
  [
    { isTooLarge: true },
    "RequestTooLargeException",
    "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
  ],
  [
    { body: "{" },
    "InvalidRequestContentException",
    /^Could not parse request body into json: .*JSON/,
  ],
  [
    { url: PATH.replace("worker", "eu-west-1:worker") },
    "ResourceNotFoundException",
    "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
  ],
  [
    { url: PATH.replace("worker", "other:live") },
    "ResourceNotFoundException",
    "Function not found: arn:aws:lambda:us-east-1:123456789012:function:other:live",
  ],
  ...(
    [
      ["", ""],
      ["?Qualifier=live", ":live"],
    ] as const
  ).map(
    ([query, qualifier]): Rejected => [
      { url: `${PATH.replace("worker", "111122223333:worker")}${query}` },
      "AccessDeniedException",
      `User: arn:aws:iam::123456789012:user/wsgw is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:worker${qualifier} because no resource-based policy allows the lambda:InvokeFunction action`,
    ],
  ),
  [
    { headers: { authorization: "Bearer x" } },
    "IncompleteSignatureException",
    /^Authorization header requires 'Credential' parameter/,
  ],
  [
    { issued: { secretAccessKey: "s", sessionToken: "t", functionName: "send" } },
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  ],
  [
    { headers: { authorization: "AWS4-HMAC-SHA256 Credential=AKIA" } },
    "IncompleteSignatureException",
    /^Authorization header requires 'Signature' parameter/,
  ],
])("rejects %j with %s", (request, errorType, message) => {
  const { kind, rejection } = read(request) as Extract<
    ReturnType<typeof readInvoke>,
    { readonly kind: "rejected" }
  >;

  expect({ kind, errorType: rejection.errorType }).toEqual({ kind: "rejected", errorType });
  expect(rejection.body.message ?? rejection.body.Message).toEqual(
    typeof message === "string" ? message : expect.stringMatching(message),
  );
});

test.each([
  [PATH, "worker"],
  [`${PATH}?Qualifier=live`, "worker:live"],
  [PATH.replace("worker", "worker:7"), "worker:7"],
  [PATH.replace("worker", "missing"), "missing"],
])("7.4 (2): a role is asked for %s before the function is looked up", (url, name) => {
  const asked: string[] = [];
  const denied: LambdaPlace["denied"] = (_, resource) => {
    asked.push(resource);
    return {
      caller: "arn:aws:sts::123456789012:assumed-role/role/send",
      action: "lambda:InvokeFunction",
      resource,
      decision: "implicit-deny",
    };
  };

  expect(read({ url, denied })).toMatchObject({
    rejection: { statusCode: 403, errorType: "AccessDeniedException" },
  });
  expect(asked).toEqual([`arn:aws:lambda:us-east-1:123456789012:function:${name}`]);
});

test("rejects an unsigned call", () => {
  const request = {
    method: "POST",
    url: PATH,
    rawHeaders: [],
    body: Buffer.from("{}"),
    isTooLarge: false,
  };

  expect(readInvoke(request, PLACE)).toEqual({
    kind: "rejected",
    caller: undefined,
    rejection: {
      statusCode: 403,
      errorType: "MissingAuthenticationTokenException",
      body: { message: "Missing Authentication Token" },
    },
  });
});

test("knows the caller by its key, and verifies what that signed", () => {
  const issued = { secretAccessKey: "secret", sessionToken: "token", functionName: "send" };
  const url = PATH.replace("worker", "111122223333:worker");
  const request = (path: string) => {
    const target = new URL(`http://localhost${path}`);
    const body = Buffer.from("{}");
    const headers = signedHeaders(
      { method: "POST", url: target, body },
      {},
      { accessKeyId: "AKIA", ...issued },
      { region: "us-east-1", service: "lambda" },
    );
    const rawHeaders = Object.entries(headers).flat();
    return { method: "POST", url: path, rawHeaders, body, isTooLarge: false };
  };
  const place = { ...PLACE, secretFor: () => issued };

  expect(readInvoke(request(PATH), place)).toMatchObject({ kind: "call", caller: "send" });
  expect(readInvoke(request(url), place)).toMatchObject({
    kind: "rejected",
    caller: "send",
    rejection: {
      body: {
        Message: expect.stringContaining(
          "User: arn:aws:sts::123456789012:assumed-role/send/send is not authorized",
        ),
      },
    },
  });
  expect(readInvoke({ ...request(PATH), isTooLarge: true }, place)).toMatchObject({
    caller: "send",
  });
  expect(readInvoke({ ...request(PATH), body: Buffer.from("[]") }, place)).toMatchObject({
    rejection: { errorType: "InvalidSignatureException" },
  });
});

test("an invocation is synchronous unless its caller says otherwise", () => {
  expect(invocationTypeOf([])).toBe("RequestResponse");
  expect(invocationTypeOf(["X-Amz-Invocation-Type", "Event"])).toBe("Event");
});

test.each([
  ["POST", PATH, "worker"],
  ["POST", `${PATH}?Qualifier=1`, "worker"],
  ["POST", "/2015-03-31/functions/a%3Ab/invocations", "a:b"],
  ["POST", "/2015-03-31/functions/%/invocations", "%"],
  ["GET", PATH, undefined],
  ["POST", `${PATH}/more`, undefined],
  ["POST", `/proxy${PATH}`, undefined],
  ["POST", "/2014-11-13/functions/worker/invoke-async", undefined],
  ["POST", "/2021-11-15/functions/worker/response-streaming-invocations", undefined],
])("%s %s names the function %s", (method, url, name) => {
  expect(invokedName(method, url)).toBe(name);
});
