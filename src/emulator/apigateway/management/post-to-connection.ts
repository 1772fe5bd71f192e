import { isUtf8 } from "node:buffer";
import type { Connections } from "../connections.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Gateway } from "../ports.ts";

/** PostToConnection. */
export function createPostToConnection(
  journal: GatewayParts["journal"],
  connections: Connections,
): Gateway["post"] {
  return (connectionId, body, facts) => {
    const connection = connections.get(connectionId);
    if (connection === undefined) return { kind: "gone" };
    if (connection.socket.isFull()) return { kind: "buffer-full" };
    if (!isUtf8(body)) {
      const message = `A post to ${connectionId} was not UTF-8; wsgw replaced its invalid bytes.`;
      journal.record({ type: "warning", message }, facts?.because);
    }
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
    const sent = connections.send(connection, text, "post", facts?.because);
    if (facts !== undefined && sent !== undefined) facts.effect = sent;
    return { kind: "delivered" };
  };
}
