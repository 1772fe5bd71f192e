import { expect, test } from "vitest";
import {
  accessInWords,
  connectArn,
  invokeRequest,
  unknownIn,
} from "../../../../../src/emulator/apigateway/authorizers/rules/connect-permission.ts";
import { parsePolicy } from "../../../../../src/emulator/iam/rules/policy-document.ts";

const NOW = Date.UTC(2026, 8, 25, 9, 20, 29, 999);

test("an access request has the condition keys of its client", () => {
  const client = { sourceIp: "192.0.2.1", userAgent: "probe", referer: "http://page" };

  expect(invokeRequest("arn:x", client, NOW, { "aws:username": "ann" })).toEqual({
    action: "execute-api:Invoke",
    resource: "arn:x",
    context: {
      "aws:sourceip": "192.0.2.1",
      "aws:securetransport": "true",
      "aws:currenttime": "2026-09-25T09:20:29.999Z",
      "aws:epochtime": "1790328029",
      "aws:useragent": "probe",
      "aws:referer": "http://page",
      "aws:username": "ann",
    },
  });
});

test("an access request has no keys for headers that the client does not send", () => {
  expect(Object.keys(invokeRequest("arn:x", { sourceIp: "192.0.2.1" }, NOW).context)).toEqual([
    "aws:sourceip",
    "aws:securetransport",
    "aws:currenttime",
    "aws:epochtime",
  ]);
});

const ALLOW = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const known = [
  ...["aws:SourceIp", "aws:SecureTransport", "aws:CurrentTime", "aws:EpochTime"],
  ...["aws:UserAgent", "aws:Referer", "aws:PrincipalArn", "aws:UserId", "aws:UserName"],
];

function unknown(...statements: object[]) {
  const parsed = parsePolicy({ Statement: statements });
  if (parsed.kind === "malformed") throw new Error(parsed.problem);
  return unknownIn(parsed.policy.statements);
}

test.each<[string, readonly object[], string | undefined]>([
  ["no condition", [ALLOW], undefined],
  ...known.map((key): [string, object[], undefined] => [
    `the condition key ${key}`,
    [{ ...ALLOW, Condition: { StringLike: { [key]: `\${${key}}` } } }],
    undefined,
  ]),
  [
    "a condition key that only AWS knows",
    [ALLOW, { ...ALLOW, Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } }],
    "statement 2 depends on aws:PrincipalTag/team",
  ],
  [
    "a policy variable that only AWS knows in a resource",
    [{ ...ALLOW, Resource: ["*", "arn:${aws:username}:${aws:PrincipalTag/team}"] }],
    "statement 1 has the policy variable ${aws:PrincipalTag/team}",
  ],
  [
    "a policy variable that only AWS knows in a condition",
    [{ ...ALLOW, Condition: { StringLike: { "aws:UserName": ["a", "${saml:sub}"] } } }],
    "statement 1 has the policy variable ${saml:sub}",
  ],
  ["characters escaped as variables", [{ ...ALLOW, Resource: "a${*}${?}${$}" }], undefined],
  [
    "a variable that only begins with such a character",
    [{ ...ALLOW, Resource: "a${*x}" }],
    "statement 1 has the policy variable ${*x}",
  ],
  [
    "a variable that only ends with such a character",
    [{ ...ALLOW, Resource: "a${x*}" }],
    "statement 1 has the policy variable ${x*}",
  ],
])("a policy with %s", (_, statements, problem) => {
  expect(unknown(...statements)).toBe(problem);
});

const REQUEST = invokeRequest("arn:x", { sourceIp: "192.0.2.1" }, NOW);

test.each([
  [
    { decision: "explicit-deny", by: { policy: "p", number: 2 } },
    "denies execute-api:Invoke in statement 2",
  ],
  [{ decision: "implicit-deny", nearest: undefined }, "does not allow execute-api:Invoke on arn:x"],
  [
    {
      decision: "implicit-deny",
      nearest: { policy: "p", number: 1, part: "Resource", written: "arn:y" },
    },
    "does not allow execute-api:Invoke on arn:x; the Resource of statement 1 is arn:y",
  ],
] as const)("explains %o", (decided, words) => {
  expect(accessInWords(decided, REQUEST)).toBe(words);
});

test.each([
  ["us-east-1", "arn:aws:execute-api:us-east-1:1:abc/dev/$connect"],
  ["cn-north-1", "arn:aws-cn:execute-api:cn-north-1:1:abc/dev/$connect"],
])("3.5 (2): the ARN of $connect in %s", (region, arn) => {
  expect(connectArn({ region, accountId: "1" }, { apiId: "abc", stage: "dev" })).toBe(arn);
});
