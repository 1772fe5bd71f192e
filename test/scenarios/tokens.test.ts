import { fileURLToPath } from "node:url";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  type ApiDefinition,
  type GatewayOptions,
  startGateway,
  startTokenIssuer,
  type TestGateway,
  type TokenIssuer,
  type TokenIssuerOptions,
} from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";

const root = fileURLToPath(new URL("../../fixtures/tokens", import.meta.url));
const POOL = { userPoolId: "eu-west-1_AbCdEf123", clientId: "web" };
const ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
const HOUR_MS = 3_600_000;

/** Two of the same pool, for all tests: to make a key takes long. */
let issuer: TokenIssuer;
let stranger: TokenIssuer;

beforeAll(async () => {
  await buildLambdaChild();
  issuer = await startTokenIssuer(POOL);
  stranger = await startTokenIssuer(POOL);
});
afterAll(async () => {
  await issuer?.stop();
  await stranger?.stop();
});

async function issuerFor(options: TokenIssuerOptions): Promise<TokenIssuer> {
  const issuer = await startTokenIssuer(options);
  onTestFinished(() => issuer.stop());
  return issuer;
}

async function gatewayOf(
  check: { readonly handler: string; readonly runtime?: "python3.13" },
  options: GatewayOptions,
): Promise<TestGateway> {
  const definition: ApiDefinition = {
    name: "guarded",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: {
      check: {
        ...check,
        timeout: 20,
        environment: { USER_POOL_ID: POOL.userPoolId, CLIENT_ID: POOL.clientId },
      },
      who: { handler: "who.handler" },
    },
    authorizers: {
      token: { function: "check", identitySource: ["route.request.querystring.token"] },
    },
    routes: {
      $connect: { function: "who", authorizer: "token" },
      who: { function: "who", routeResponse: true },
    },
  };
  const gateway = await startGateway(definition, { root, waitMs: 30_000, ...options });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

test.each(
  (["in-process", "child-process"] as const).flatMap((runtime) =>
    ["by-jose", "by-aws-jwt-verify"].map((verifier) => [verifier, runtime] as const),
  ),
)(
  "an unchanged authorizer verifies Cognito's tokens %s: %s",
  { tags: ["journey"] },
  async (verifier, runtime) => {
    const gateway = await gatewayOf(
      { handler: `${verifier}.handler` },
      { issuers: [issuer], runtime },
    );
    const claims = { sub: "ann", "cognito:groups": ["admin", "staff"] };
    const statusFor = async (token: string) => {
      const result = await gateway.handshake({ query: { token } });
      return result.kind === "open" ? 101 : result.statusCode;
    };

    const ann = await gateway.connect({ query: { token: issuer.sign(claims) } });
    ann.sendJson({ action: "who" });
    expect(await ann.nextJson()).toEqual({ principalId: "ann", groups: "admin,staff" });
    expect(await statusFor(stranger.sign(claims))).toBe(401);
    expect(await statusFor(issuer.sign(claims, { tokenUse: "id" }))).toBe(401);
    expect(await statusFor(issuer.sign({ ...claims, client_id: "other" }))).toBe(401);
    expect(await statusFor(issuer.sign(claims, { issuedAt: Date.now() - 2 * HOUR_MS }))).toBe(401);
    expect(gateway.facts("aws.stopped")).toEqual([]);
  },
);

test("access tokens and ID tokens have the claims of Cognito's, and those of the test", async () => {
  const issuedAt = Date.UTC(2031, 4, 1);
  const at = issuedAt / 1000;
  const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  const common = {
    ...{ sub: "ann", iss: ISSUER, iat: at, exp: at + 300, auth_time: at },
    ...{ jti: uuid, origin_jti: uuid, event_id: uuid },
  };

  const options = { issuedAt, expiresIn: "5m" };
  const access = issuer.sign({ sub: "ann", "cognito:groups": ["admin"] }, options);
  const id = issuer.sign({ sub: "ann", email: "a@example.com" }, { ...options, tokenUse: "id" });

  expect(decodeProtectedHeader(access)).toEqual({ alg: "RS256", kid: issuer.keySet.keys[0]?.kid });
  expect(decodeJwt(access)).toEqual({
    ...common,
    ...{ token_use: "access", client_id: "web", username: "ann" },
    ...{ scope: "aws.cognito.signin.user.admin", "cognito:groups": ["admin"] },
  });
  expect(decodeJwt(id)).toEqual({
    ...common,
    ...{ token_use: "id", aud: "web", "cognito:username": "ann", email: "a@example.com" },
  });
  expect(decodeJwt(issuer.sign({ sub: "ann", exp: 7, username: "Ann" }))).toMatchObject({
    exp: 7,
    username: "Ann",
  });
});

test("an issuer of its own publishes its key set and its OpenID configuration", async () => {
  const own = await issuerFor({});
  const token = own.sign({ sub: "ann", aud: "chat", roles: ["admin"] });
  const read = async (path: string) => (await fetch(`${own.url}${path}`)).json();

  expect(await read("/.well-known/jwks.json")).toEqual(own.keySet);
  expect(await read("/.well-known/openid-configuration")).toMatchObject({
    issuer: own.url,
    jwks_uri: own.jwksUrl,
  });
  expect((await fetch(`${own.url}/other`)).status).toBe(404);
  const keys = createRemoteJWKSet(new URL(own.jwksUrl));
  const { payload } = await jwtVerify(token, keys, { issuer: own.url, audience: "chat" });
  expect(payload).toEqual({
    ...{ sub: "ann", aud: "chat", roles: ["admin"], iss: own.url },
    ...{ iat: expect.any(Number), exp: (payload.iat ?? 0) + 3600 },
  });
});

test("an issuer signs as another one by its URL, and one of a user pool serves the pool's path", async () => {
  const other = await issuerFor({ issuer: "https://example.eu.auth0.com/" });

  expect(decodeJwt(other.sign({}))).toMatchObject({ iss: "https://example.eu.auth0.com/" });
  const path = `${issuer.url}/${POOL.userPoolId}/.well-known/jwks.json`;
  expect(await (await fetch(path)).json()).toEqual(issuer.keySet);
});

test("with virtual time exp is judged by the clock that the verifier asks", async () => {
  const startAt = Date.now() + 24 * HOUR_MS;
  const options = { issuers: [issuer], virtualTime: true, startAt };
  const gateway = await gatewayOf({ handler: "by-either-clock.handler" }, options);
  const token = issuer.sign({ sub: "ann" }, { issuedAt: gateway.clock.now(), expiresIn: "1h" });
  const kindFor = async (clock: string) =>
    (await gateway.handshake({ query: { token, clock } })).kind;

  expect(await kindFor("own")).toBe("open");
  await gateway.clock.advance("61m");
  expect(await kindFor("own")).toBe("refused");
  expect(await kindFor("package's")).toBe("open");
});

test("calls of a user pool other than for its key set are stopped as before", async () => {
  const other = await issuerFor({ ...POOL, userPoolId: "eu-west-1_Other" });
  const gateway = await gatewayOf({ handler: "by-jose.handler" }, { issuers: [other] });

  const rejected = await gateway.handshake({ query: { token: other.sign({}) } });

  expect(rejected).toMatchObject({ kind: "refused", statusCode: 401 });
  expect(gateway.facts("aws.stopped")).toMatchObject([
    { service: "cognito-idp", operation: `GET /${POOL.userPoolId}/.well-known/jwks.json` },
  ]);
  expect(gateway.trace()).toContain("a call of an unknown caller was stopped: cognito-idp at");
});

test("the issuer answers for its pool where other calls may reach AWS", async () => {
  const gateway = await gatewayOf(
    { handler: "by-jose.handler" },
    { issuers: [issuer], allowAws: true },
  );
  const token = issuer.sign({ sub: "ann", "cognito:groups": ["admin"] });

  expect((await gateway.handshake({ query: { token } })).kind).toBe("open");
});

test.skipIf(await lacksPython())(
  "an authorizer in Python reads the key set",
  { tags: ["journey"] },
  async () => {
    const { root: own } = makeProject({
      "who.js": "exports.handler = async () => ({ statusCode: 200 });",
      "check.py": `
import json
from urllib.request import urlopen

def handler(event, context):
    with urlopen("${ISSUER}/.well-known/jwks.json") as answer:
        keys = json.load(answer)["keys"]
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {"principalId": keys[0]["kid"], "policyDocument": {"Statement": [statement]}}
`,
    });
    const python = { handler: "check.handler", runtime: "python3.13" } as const;
    const gateway = await gatewayOf(python, { root: own, issuers: [issuer] });

    await gateway.connect({ query: { token: "t" } });

    const [run] = gateway.invocations("check");
    expect(run?.result).toMatchObject({ principalId: issuer.keySet.keys[0]?.kid });
  },
);

test("rejects an issuer with an invalid user pool id", async () => {
  await expect(startTokenIssuer({ userPoolId: "AbCdEf123" })).rejects.toThrow(
    '"AbCdEf123" is not the id of a Cognito user pool, such as eu-west-1_AbCdEf123.',
  );
  await expect(startTokenIssuer({ ...POOL, issuer: "https://example.com" })).rejects.toThrow(
    "userPoolId and issuer cannot be combined. Pass one of them.",
  );
});
