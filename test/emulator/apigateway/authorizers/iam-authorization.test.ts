import { expect, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import { IamAuthorization } from "../../../../src/emulator/apigateway/authorizers/iam-authorization.ts";
import type { GatewayParts } from "../../../../src/emulator/apigateway/gateway-parts.ts";
import { createKeyRing, type Keys } from "../../../../src/emulator/iam/keys.ts";
import type { CheckedCall } from "../../../../src/emulator/iam/permissions.ts";
import { callerId } from "../../../../src/emulator/iam/rules/caller-arns.ts";
import {
  amzDateOf,
  createSigningKeys,
  signRequest,
} from "../../../../src/emulator/iam/rules/sign-request.ts";
import type { FactId } from "../../../../src/emulator/journal/journal.ts";
import { CONNECTION, START } from "../started-gateway.ts";

const ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/dev/$connect";
const ALLOW = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" } as const;
const PATH = "/dev";
const FIELDS =
  "requestContext.identity has accountId, accessKey, caller, user and userArn as with REST APIs. AWS does not document it for WebSocket APIs.";

type Settings = {
  readonly mode?: GatewayParts["iam"]["mode"];
  readonly clientsMayMock?: boolean;
  readonly check?: GatewayParts["iam"]["check"];
};

const keys = createKeyRing();
const SECRETS = { accessKeyId: "AKIAOTHER", secretAccessKey: "other", sessionToken: "" };

function started({ mode = "enforce", clientsMayMock = false, check = () => undefined }: Settings) {
  const warnings: string[] = [];
  const authorization = new IamAuthorization({
    region: "us-east-1",
    accountId: "123456789012",
    clock: createManualClock(START),
    mocking: { clientsMayMock, everybody: undefined },
    iam: {
      secretFor: keys.secretFor,
      keysOf: ({ name }) => keys.forIdentity(name ?? "nameless", undefined, START),
      mode,
      check,
      roleSessionOf: (name) =>
        name === "roleless" ? undefined : `arn:aws:sts::1:assumed-role/role/${name}`,
      warnOnce: (message) => warnings.push(message),
    },
  });
  const authorize = (
    rawHeaders: readonly string[],
    identities: Parameters<IamAuthorization["authorize"]>[0]["identities"] = {},
    mocked?: Parameters<IamAuthorization["authorize"]>[1],
  ) =>
    authorization.authorize(
      {
        identity: {
          ...CONNECTION,
          connectionId: "c",
          domainName: "h",
          apiId: "abc",
          identity: { sourceIp: "192.0.2.1", userAgent: "probe" },
        },
        sent: { url: PATH, rawHeaders, traceId: "trace" },
        stamp: { requestId: "r", at: START },
        requested: 3 as FactId,
        handshake: { url: PATH, rawHeaders },
        answerIds: { requestId: "uuid", apigwId: "apigw" },
        identities,
      },
      mocked,
    );
  return { warnings, authorize };
}

/** The headers of a signed handshake, with others that are not signed. */
function signedBy(
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
  { region = "us-east-1", at = START, more = [] as readonly string[] } = {},
): readonly string[] {
  const amzDate = amzDateOf(at);
  const scope = { date: amzDate.slice(0, 8), region, service: "execute-api" };
  const rawHeaders = ["Host", "h", "X-Amz-Date", amzDate];
  const request = { method: "GET", url: PATH, rawHeaders, body: new Uint8Array() };
  const names = ["host", "x-amz-date"];
  const key = createSigningKeys()(secretAccessKey, scope);
  const { signature } = signRequest(request, names, amzDate, scope, key);
  const credential = `${accessKeyId}/${scope.date}/${region}/execute-api/aws4_request`;
  return [
    ...rawHeaders,
    ...(sessionToken === "" ? [] : ["X-Amz-Security-Token", sessionToken]),
    "Authorization",
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
    ...more,
  ];
}

const rejection = (errorType: string, body: object, because: string) => ({
  kind: "reject",
  statusCode: 403,
  headers: {
    "Content-Type": "application/json",
    "x-amzn-RequestId": "uuid",
    "x-amzn-ErrorType": errorType,
    "x-amz-apigw-id": "apigw",
  },
  body: JSON.stringify(body),
  because,
});

const signer = (userArn: string, accessKey: string) => ({
  kind: "allowed",
  signer: {
    accountId: "123456789012",
    caller: callerId(userArn),
    accessKey,
    userArn,
    user: callerId(userArn),
  },
});
const USER = "arn:aws:iam::123456789012:user";

test("a handshake without a signature is rejected", () => {
  const { authorize, warnings } = started({});

  expect(authorize(["Host", "h"])).toEqual(
    rejection(
      "MissingAuthenticationTokenException",
      { message: "Missing Authentication Token" },
      "the request is not signed, and $connect has AWS_IAM authorization",
    ),
  );
  expect(warnings).toEqual([]);
});

test("the developer's key is that of a user", () => {
  const { authorize, warnings } = started({});

  expect(authorize(signedBy(keys.developer))).toEqual(
    signer(`${USER}/developer`, keys.developer.accessKeyId),
  );
  expect(warnings).toEqual([FIELDS]);
});

test.each([
  [
    "another region",
    { region: "eu-west-1" },
    "Credential should be scoped to a valid region, not 'eu-west-1'. ",
  ],
  [
    "a date of an hour ago",
    { at: START - 3_600_000 },
    "Signature expired: 20251231T230000Z is now earlier than 20251231T235500Z (20260101T000000Z - 5 min.)",
  ],
])("a signature for %s is rejected", (_, how, message) => {
  expect(started({}).authorize(signedBy(keys.developer, how))).toEqual(
    rejection("InvalidSignatureException", { message }, message),
  );
});

test("the key of an identity is good as long as the definition has the identity", () => {
  const ann = keys.forIdentity("ann", undefined, START);
  const { authorize } = started({});
  const headers = signedBy(ann);

  expect(authorize(headers, { ann: {} })).toEqual(signer(`${USER}/ann`, ann.accessKeyId));
  expect(authorize(headers, { ann: { identity: { userArn: "arn:own" } } })).toMatchObject({
    signer: { userArn: "arn:own" },
  });
  expect(authorize(headers, {})).toEqual(
    rejection(
      "UnrecognizedClientException",
      { message: "The security token included in the request is invalid." },
      `the gateway did not issue the key ${ann.accessKeyId}`,
    ),
  );
});

test.each([
  ["enforce", true, false],
  ["warn", true, true],
  ["warn", false, false],
  ["off", true, true],
  ["off", false, false],
] as const)(
  "in the mode %s a key of another issuer is good where clients may mock (%s): %s",
  (mode, clientsMayMock, isGood) => {
    const { authorize, warnings } = started({ mode, clientsMayMock });

    expect(authorize(signedBy(SECRETS))).toEqual(
      isGood
        ? signer(`${USER}/developer`, "AKIAOTHER")
        : rejection(
            "UnrecognizedClientException",
            { message: "The security token included in the request is invalid." },
            "the gateway did not issue the key AKIAOTHER",
          ),
    );
    const unverified =
      "wsgw did not issue the key AKIAOTHER, so it does not verify its signatures.";
    expect(warnings).toEqual([
      ...(isGood && mode === "warn" ? [unverified] : []),
      ...(isGood ? [FIELDS] : []),
    ]);
  },
);

test("in the mode warn the gateway's own keys are verified without a word", () => {
  const { authorize, warnings } = started({ mode: "warn", clientsMayMock: true });

  authorize(signedBy(keys.developer));

  expect(warnings).toEqual([FIELDS]);
});

test("a function signs with the session of its role, which must allow the call", () => {
  const send = keys.forFunction("send");
  const arn = "arn:aws:sts::1:assumed-role/role/send";
  const asked: (Omit<CheckedCall, "resource"> & { readonly resource: string })[] = [];
  const denied = {
    caller: arn,
    action: "execute-api:Invoke",
    resource: ARN,
    decision: "implicit-deny",
  } as const;
  const check = (isDenied: boolean) => (call: CheckedCall) => {
    asked.push({ ...call, resource: call.resource() });
    return isDenied ? denied : undefined;
  };

  expect(started({ check: check(false) }).authorize(signedBy(send))).toEqual(
    signer(arn, send.accessKeyId),
  );
  expect(asked).toEqual([
    { functionName: "send", action: "execute-api:Invoke", resource: ARN, because: 3 },
  ]);
  const message = (resource: string) =>
    `User: ${arn} is not authorized to perform: execute-api:Invoke on resource: ${resource} because no identity-based policy allows the execute-api:Invoke action`;
  expect(started({ check: check(true) }).authorize(signedBy(send))).toEqual(
    rejection(
      "AccessDeniedException",
      { Message: message(ARN.replace("12345678", "********")) },
      message(ARN),
    ),
  );
});

test("a function without a role session is a user", () => {
  const roleless = keys.forFunction("roleless");

  expect(started({}).authorize(signedBy(roleless))).toEqual(
    signer(`${USER}/developer`, roleless.accessKeyId),
  );
});

test("a mock identity need not sign, and has the key of its name", () => {
  const { authorize, warnings } = started({});
  const { accessKeyId } = keys.forIdentity("bob", undefined, START);

  expect(authorize([], {}, { name: "bob" })).toEqual(signer(`${USER}/bob`, accessKeyId));
  expect(warnings).toEqual([FIELDS]);
});

const why = (arn: string) => `the policy of ${arn} does not allow execute-api:Invoke on ${ARN}`;

test.each([
  ["enforce", false, []],
  ["warn", true, [`${why(`${USER}/bob`)}. AWS rejects it with 403.`, FIELDS]],
  ["off", true, [FIELDS]],
] as const)(
  "in the mode %s statements that do not allow the handshake let it in: %s",
  (mode, isIn, said) => {
    const { authorize, warnings } = started({ mode });

    const decided = authorize([], {}, { name: "bob", statements: [] });

    expect(decided.kind).toBe(isIn ? "allowed" : "reject");
    if (!isIn) {
      const message = `User: ${USER}/bob is not authorized to perform: execute-api:Invoke on resource: ${ARN.replace("12345678", "********")} because no identity-based policy allows the execute-api:Invoke action`;
      expect(decided).toEqual(
        rejection("AccessDeniedException", { Message: message }, why(`${USER}/bob`)),
      );
    }
    expect(warnings).toEqual(said);
  },
);

test("an explicit deny has AWS's words for it", () => {
  const deny = { ...ALLOW, Effect: "Deny" } as const;

  expect(started({}).authorize([], {}, { name: "bob", statements: [ALLOW, deny] })).toMatchObject({
    body: expect.stringContaining("with an explicit deny in an identity-based policy"),
    because: `the policy of ${USER}/bob denies execute-api:Invoke in statement 2`,
  });
});

test.each([
  ["aws:SourceIp", "192.0.2.1"],
  ["aws:UserAgent", "probe"],
  ["aws:Referer", "http://page"],
  ["aws:CurrentTime", "2026-01-01T00:00:00.000Z"],
  ["aws:PrincipalArn", `${USER}/team/bob`],
  ["aws:userid", "me"],
  ["aws:username", "bob"],
])("a condition of statements sees %s", (key, value) => {
  const { authorize } = started({});
  const identity = { userArn: `${USER}/team/bob`, caller: "me" };
  const by = (wanted: string) => {
    const statements = [{ ...ALLOW, Condition: { StringEquals: { [key]: wanted } } }];
    return authorize(["Referer", "http://page"], {}, { name: "bob", identity, statements }).kind;
  };

  expect([by(value), by("x")]).toEqual(["allowed", "reject"]);
});

test("statements that only AWS can evaluate are not checked, with a warning", () => {
  const { authorize, warnings } = started({});
  const Condition = { StringEquals: { "aws:PrincipalTag/team": "a" } };

  expect(authorize([], {}, { name: "bob", statements: [{ ...ALLOW, Condition }] }).kind).toBe(
    "allowed",
  );
  expect(warnings).toEqual([
    `Permissions of ${USER}/bob are not checked: in its policy, statement 1 depends on aws:PrincipalTag/team.`,
    FIELDS,
  ]);
});

test("a malformed policy is not checked, with a warning", () => {
  const { authorize, warnings } = started({});
  const statements = [{ ...ALLOW, Effect: "Perhaps" }] as never;

  expect(authorize([], {}, { name: "bob", statements }).kind).toBe("allowed");
  expect(warnings[0]).toMatch(
    /^Permissions of arn:aws:iam::123456789012:user\/bob are not checked: in its policy, .*Effect.*\.$/,
  );
});
