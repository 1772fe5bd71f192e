import { expect, onTestFinished, test } from "vitest";
import { startGateway, startTokenIssuer, type TokenClaims } from "wsgw/testing";

async function startMembers() {
  const issuer = await startTokenIssuer({ userPoolId: "eu-west-1_AbCdEf123", clientId: "web" });
  onTestFinished(() => issuer.stop());
  const gateway = await startGateway("wsgw.config.ts", { issuers: [issuer] });
  onTestFinished(() => gateway.stop());
  return { issuer, gateway };
}

test("an admin may kick, others may not", async () => {
  const { issuer, gateway } = await startMembers();
  const connect = (claims: TokenClaims) =>
    gateway.connect({ query: { token: issuer.sign(claims) } });
  const ann = await connect({ sub: "ann", "cognito:groups": ["admin"] });
  const bob = await connect({ sub: "bob" });

  ann.sendJson({ action: "kick" });
  bob.sendJson({ action: "kick" });

  await ann.expectNext("kicked");
  await bob.expectNext("You are not an admin.");
});

test("rejects an expired token", async () => {
  const { issuer, gateway } = await startMembers();
  const twoHoursAgo = Date.now() - 2 * 3_600_000;
  const token = issuer.sign({ sub: "ann" }, { issuedAt: twoHoursAgo, expiresIn: "1h" });

  expect(await gateway.handshake({ query: { token } })).toMatchObject({ statusCode: 401 });
});

test("rejects tokens for another use, of another client and by another key", async () => {
  const { issuer, gateway } = await startMembers();
  const { issuer: stranger } = await startMembers();
  const wrong = [
    issuer.sign({ sub: "ann" }, { tokenUse: "id" }),
    issuer.sign({ sub: "ann", client_id: "other" }),
    stranger.sign({ sub: "ann" }),
    `${issuer.sign({ sub: "ann" })}x`,
  ];

  for (const token of wrong) {
    expect(await gateway.handshake({ query: { token } })).toMatchObject({ statusCode: 401 });
  }
});

test("handlers see who the user is", async () => {
  const { issuer, gateway } = await startMembers();
  const token = issuer.sign({ sub: "7f3a", username: "ann", "cognito:groups": ["staff"] });
  const ann = await gateway.connect({ query: { token } });

  ann.sendJson({ action: "whoami" });

  await ann.expectNext("ann of staff");
});
