import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chalk } from "chalk";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { banner } from "../../../cli/dev/banner.ts";
import { type DevOptions, startDev } from "../../../src/emulator/dev.ts";
import { runMain } from "../run-main.ts";

const POOL = "eu-west-1_AbCdEf123";
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;

const DEFINITION = {
  name: "guarded",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { keys: { handler: "keys.handler" } },
  routes: { $default: { function: "keys", routeResponse: true } },
};
const KEYS = `exports.handler = async () => {
  const answer = await fetch("${ISSUER}/.well-known/jwks.json");
  return { statusCode: 200, body: await answer.text() };
};`;

/** A gateway as `wsgw dev` runs it, in a directory of its own. */
async function startGuarded(options: Partial<DevOptions>) {
  const cwd = await mkdtemp(join(tmpdir(), "wsgw-token-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(cwd, "keys.js"), KEYS);
  const session = await startDev({ cwd, port: 0, ...options });
  onTestFinished(() => session.stop());
  return { cwd, session, token: (...argv: string[]) => runMain(["token", ...argv], { cwd }) };
}

test("wsgw token prints tokens of the user pool, which the functions' key set verifies", async () => {
  const { session, token } = await startGuarded({ userPool: POOL });
  const { out, exitCode } = await token('{"sub":"ann","cognito:groups":["admin"]}');
  const outcome = await session.invoke("keys", {});

  expect(exitCode).toBe(0);
  expect(session.issuer).toBe(ISSUER);
  expect(decodeJwt(out.trim())).toMatchObject({
    ...{ iss: ISSUER, sub: "ann", token_use: "access", client_id: "local" },
    "cognito:groups": ["admin"],
  });
  const { body } = JSON.parse(outcome.kind === "returned" ? outcome.payload : "");
  const keys = createRemoteJWKSet(new URL(`data:application/json,${encodeURIComponent(body)}`));
  expect((await jwtVerify(out.trim(), keys, { issuer: ISSUER })).payload.sub).toBe("ann");
});

test("an ID token, another app client and a time to live are options", {
  tags: ["journey"],
}, async () => {
  const { token } = await startGuarded({ userPool: POOL });

  const id = decodeJwt((await token("--id", "--client-id", "web")).out.trim());
  expect(id).toMatchObject({ token_use: "id", aud: "web" });
  const expired = decodeJwt((await token("--expires-in", "0")).out.trim());
  expect(expired.exp).toBe(expired.iat);
  expect(await token("ann")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Claims must be a JSON object such as {"sub":"ann"}, not ann.'),
  });
});

test("claims may have any names and characters, and are rejected if they exceed a handshake", {
  tags: ["journey"],
}, async () => {
  const { token } = await startGuarded({ userPool: POOL });
  const claims = '{"__proto__":{"sub":"eve"},"note":"\\u001b[31m\\u0000\\ud800"}';

  const payload = Buffer.from((await token(claims)).out.split(".")[1] ?? "", "base64url");
  expect(payload.toString()).toContain(claims.slice(1, -1));
  expect(JSON.parse(payload.toString()).sub).not.toBe("eve");
  expect(await token(JSON.stringify({ note: "x".repeat(100_000) }))).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(
      "The claims are too large: the token exceeds the size of a handshake.",
    ),
  });
});

test("a request of the control interface that cannot be read is answered in JSON", {
  tags: ["journey"],
}, async () => {
  const { session } = await startGuarded({ userPool: POOL });
  const { url, token } = session.control;
  const headers = { authorization: `Bearer ${token}`, origin: "http://elsewhere.example" };

  for (const path of ["/token", "/token?wish=x", "/token?wish=%7B%7D", "/credentials/%E0%A4%A"]) {
    const response = await fetch(`${url}${path}`, { headers });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      400,
      null,
    ]);
    expect(await response.json()).toEqual({
      message: expect.stringMatching(/^The request is malformed: /),
    });
  }
});

test("a gateway without a user pool signs nothing", async () => {
  const { session, token } = await startGuarded({});

  expect(session.issuer).toBeUndefined();
  expect(await token()).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("does not sign tokens. Start it with wsgw dev --cognito ID."),
  });
});

test("the banner names the issuer while the gateway signs tokens", async () => {
  const { session } = await startGuarded({ userPool: POOL });

  const lines = banner(session, "0.0.0", new Chalk({ level: 0 }));

  expect(lines).toContain(`  Tokens        signed as ${ISSUER}  (wsgw token)`);
});

test.each([{ host: "0.0.0.0" }, { publicHost: "192.0.2.7" }])(
  "a gateway that others can reach signs no tokens: %j",
  { tags: ["journey"] },
  async (reach) => {
    await expect(startGuarded({ userPool: POOL, ...reach })).rejects.toThrow(
      "so it must not sign tokens. Omit the user pool (--cognito)",
    );
  },
);
