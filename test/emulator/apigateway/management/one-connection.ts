import type { Gateway } from "../../../../src/emulator/apigateway/ports.ts";
import type { Fact } from "../../../../src/emulator/facts.ts";
import { fakeGateway, ID, type Servers } from "../../servers.ts";

/** A gateway with one connection. */
export function gatewayWithOne() {
  const posts: { text: string }[] = [];
  const overrides: Partial<Gateway> = {
    post(connectionId, body) {
      if (connectionId !== ID) return { kind: "gone" };
      posts.push({ text: Buffer.from(body).toString() });
      return { kind: "delivered" };
    },
    describe: (connectionId) =>
      connectionId === ID
        ? {
            sourceIp: "127.0.0.1",
            userAgent: undefined,
            connectedAt: Date.UTC(2026, 0, 31, 13, 34, 52, 7),
            lastActiveAt: Date.UTC(2026, 0, 31, 13, 34, 53),
          }
        : undefined,
    remove: (connectionId) => connectionId === ID,
  };
  return { posts, gateway: fakeGateway(overrides) };
}

/** What has been recorded, without what differs from run to run. */
export function facts(servers: Servers): Fact[] {
  return servers.journal.entries().map(({ seq, at, id, ...fact }) => fact as Fact);
}
