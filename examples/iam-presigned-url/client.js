import { pathToFileURL } from "node:url";
import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { WebSocket } from "ws";

/** A URL that any WebSocket client can connect to, a browser too: the signature is in its query. */
export async function presign(url, { credentials, region, signingDate = new Date() }) {
  const { protocol, host, hostname, port, pathname, searchParams } = new URL(url);
  const request = new HttpRequest({
    method: "GET",
    protocol,
    hostname,
    ...(port !== "" && { port: Number(port) }),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
  });
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const { query } = await signer.presign(request, { signingDate, expiresIn: 60 });
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("="));
  return `${protocol}//${host}${pathname}?${pairs.join("&")}`;
}

/** Connects, says who it is, and returns the answer. */
export function ask(url) {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.once("open", () => socket.send('{"action":"who"}'));
    socket.once("message", (data) => {
      resolve(data.toString());
      socket.close();
    });
    socket.once("error", reject);
  });
}

// node client.js ws://localhost:3001/dev
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = process.env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
  const region = AWS_REGION ?? "us-east-1";
  console.log(await ask(await presign(process.argv[2], { credentials, region })));
}
