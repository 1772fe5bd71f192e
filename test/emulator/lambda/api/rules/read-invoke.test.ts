import { expect, test } from "vitest";
import { createSigningKeys } from "../../../../../src/emulator/iam/rules/sigv4.ts";
import {
  type InvokeCall,
  invokedName,
  isOwnFunction,
  readInvoke,
} from "../../../../../src/emulator/lambda/api/rules/read-invoke.ts";

const PATH = "/2015-03-31/functions/worker/invocations";

function read({
  url = PATH,
  headers = {},
  body = "{}",
  region,
  scope = "us-east-1/lambda",
  takesOtherKeys = true,
}: {
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
      isTooLarge: false,
    },
    {
      region,
      home: { region: "us-east-1", accountId: "123456789012" },
      hasFunction: (name) => name === "worker",
      secretFor: () => undefined,
      takesOtherKeys,
      signingKeys: createSigningKeys(),
    },
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
  ["an empty qualifier", { url: `${PATH}?Qualifier=` }, {}],
  ["a region that AWS cannot have", { scope: "local/lambda" }, {}],
])("reads a call with %s", (_, request, more) => {
  expect(read(request)).toEqual({ kind: "call", caller: undefined, call: { ...usual, ...more } });
});

test.each([
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
    { headers: { authorization: "AWS4-HMAC-SHA256 Credential=AKIA" } },
    "IncompleteSignatureException",
    /^Authorization header requires 'Signature' parameter/,
  ],
])("refuses %j with %s", (request, errorType, message) => {
  const { kind, refusal } = read(request) as Extract<
    ReturnType<typeof readInvoke>,
    { readonly kind: "refused" }
  >;

  expect({ kind, errorType: refusal.errorType }).toEqual({ kind: "refused", errorType });
  expect(refusal.body.message ?? refusal.body.Message).toEqual(
    typeof message === "string" ? message : expect.stringMatching(message),
  );
});

test.each([
  ["POST", PATH, "worker"],
  ["POST", `${PATH}?Qualifier=1`, "worker"],
  ["POST", "/2015-03-31/functions/a%3Ab/invocations", "a:b"],
  ["POST", "/2015-03-31/functions/%/invocations", "%"],
  ["GET", PATH, undefined],
  ["POST", `${PATH}/more`, undefined],
  ["POST", "/2014-11-13/functions/worker/invoke-async", undefined],
  ["POST", "/2021-11-15/functions/worker/response-streaming-invocations", undefined],
])("%s %s names the function %s", (method, url, name) => {
  expect(invokedName(method, url)).toBe(name);
});

const place = {
  home: { region: "us-east-1", accountId: "123456789012" },
  hasFunction: (name: string) => name === "worker",
};
const arnOf = (region: string, account: string) =>
  encodeURIComponent(`arn:aws:lambda:${region}:${account}:function:worker`);

test.each([
  ["Invoke", PATH, true],
  ["GetFunction", "/2015-03-31/functions/worker", true],
  ["GetFunction of a version", "/2015-03-31/functions/worker?Qualifier=1", true],
  ["InvokeAsync", "/2014-11-13/functions/worker/invoke-async", true],
  ["a stream", "/2021-11-15/functions/worker/response-streaming-invocations", true],
  ["its ARN", `/2015-03-31/functions/${arnOf("us-east-1", "123456789012")}`, true],
  ["another function", "/2015-03-31/functions/other", false],
  ["the list of functions", "/2015-03-31/functions/", false],
  ["another region", `/2015-03-31/functions/${arnOf("eu-west-1", "123456789012")}`, false],
  ["another account", `/2015-03-31/functions/${arnOf("us-east-1", "210987654321")}`, false],
  ["another kind of resource", "/2018-10-31/layers/worker", false],
])("a call that names %s is about a function of the project: %s: %s", (_, url, expected) => {
  expect(isOwnFunction(url, "us-east-1", place)).toBe(expected);
  expect(isOwnFunction(url, undefined, place)).toBe(expected);
  expect(isOwnFunction(url, "eu-west-1", place)).toBe(url.includes("us-east-1") && expected);
});
