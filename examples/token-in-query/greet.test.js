import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startGateway } from "wsgw/testing";

/** The answer of a handshake that is refused: its status and its message. */
async function refusalOf(url) {
  const [, response] = await once(new WebSocket(url), "unexpected-response");
  let body = "";
  for await (const chunk of response) body += chunk;
  return [response.statusCode, JSON.parse(body).message];
}

for (const definition of ["template.yaml", "wsgw.config.ts"]) {
  test(`a known token lets its user in (${definition})`, async (t) => {
    const gateway = await startGateway(definition);
    t.after(() => gateway.stop());
    const ann = new WebSocket(`${gateway.url}?token=token-of-ann`);
    await once(ann, "open");

    ann.send(JSON.stringify({ action: "greet" }));

    const [message] = await once(ann, "message");
    assert.equal(String(message), "Hello, ann.");
    ann.close();
    await once(ann, "close");
  });

  test(`a missing, an empty or an unknown token is HTTP 401 (${definition})`, async (t) => {
    const gateway = await startGateway(definition);
    t.after(() => gateway.stop());

    for (const query of ["", "?token=", "?Token=token-of-ann", "?token=other"]) {
      assert.deepEqual(await refusalOf(gateway.url + query), [401, "Unauthorized"]);
    }
    const calls = gateway.invocations(gateway.functions[0].name);
    assert.equal(calls.length, 1); // for the unknown one; without a token the function is not asked
  });
}
