// @ts-check
import { once } from "node:events";
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("message", (data) => socket.send(data, { binary: false }));
});
await once(server, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
console.log(JSON.stringify({ type: "ready", url: `ws://127.0.0.1:${port}` }));
