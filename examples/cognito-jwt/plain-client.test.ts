import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { startGateway, startTokenIssuer } from "wsgw/testing";

// The same handlers by a config file and by a SAM template, with a client that knows nothing of wsgw.
test.each(["wsgw.config.ts", "template.yaml"])(
  "a plain client shows its token (%s)",
  async (file) => {
    const issuer = await startTokenIssuer({ userPoolId: "eu-west-1_AbCdEf123", clientId: "web" });
    onTestFinished(() => issuer.stop());
    const gateway = await startGateway(file, { issuers: [issuer] });
    onTestFinished(() => gateway.stop());
    const token = issuer.sign({ sub: "7f3a", username: "ann", "cognito:groups": ["staff"] });

    const stranger = new WebSocket(`${gateway.url}?token=${token}x`);
    const [, refusal] = await once(stranger, "unexpected-response");
    expect(refusal.statusCode).toBe(401);

    const ann = new WebSocket(`${gateway.url}?token=${token}`);
    await once(ann, "open");
    ann.send(JSON.stringify({ action: "whoami" }));
    const [message] = await once(ann, "message");
    expect(String(message)).toBe("ann of staff");
    ann.close();
    await once(ann, "close");
  },
);
