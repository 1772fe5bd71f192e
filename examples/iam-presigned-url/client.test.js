import assert from "node:assert/strict";
import { test } from "node:test";
import { startGateway } from "wsgw/testing";
import { ask, presign } from "./client.js";

for (const source of [{ template: "template.yaml" }, "wsgw.config.json"]) {
  const name = typeof source === "string" ? source : source.template;

  test(`${name}: a presigned URL connects`, async (t) => {
    const gateway = await startGateway(source);
    t.after(() => gateway.stop());
    const { url, credentials, region } = gateway;

    const answer = await ask(await presign(url, { credentials, region }));

    assert.match(answer, /^you are arn:aws:iam::123456789012:user\//);
  });

  test(`${name}: others are refused`, async (t) => {
    const gateway = await startGateway(source);
    t.after(() => gateway.stop());
    const { url, credentials, region } = gateway;
    const stranger = { ...credentials, secretAccessKey: "made up" };

    await assert.rejects(ask(url), /403/);
    await assert.rejects(ask(await presign(url, { credentials: stranger, region })), /403/);
  });

  test(`${name}: a URL is of no use after a minute`, async (t) => {
    const gateway = await startGateway(source);
    t.after(() => gateway.stop());
    const { url, credentials, region, clock } = gateway;
    const presigned = await presign(url, { credentials, region });

    await clock.advance("62s");

    await assert.rejects(ask(presigned), /403/);
  });
}

test("identities of the definition sign with keys of their own", async (t) => {
  const gateway = await startGateway("wsgw.config.json");
  t.after(() => gateway.stop());

  const ann = await gateway.connect({ sign: "ann" }); // true: with keys of the gateway
  const refused = await gateway.handshake({ sign: "guest" });

  ann.sendJson({ action: "who" });
  await ann.expectNext(/^you are .*ann$/);
  assert.equal(refused.statusCode, 403);
  assert.match(refused.body, /guest is not authorized to perform: execute-api:Invoke/);
});

test("a client of your own gets a URL, or keys to sign with", async (t) => {
  const gateway = await startGateway("wsgw.config.json");
  t.after(() => gateway.stop());
  const { url, region } = gateway;

  const presigned = gateway.presignedUrl({
    identity: "ann",
    query: { room: "a b" },
    expiresIn: 60,
  });
  const credentials = gateway.credentialsOf("ann");

  assert.match(await ask(presigned), /ann$/);
  assert.match(await ask(await presign(url, { credentials, region })), /ann$/);
});
