import { createServer } from "node:net";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import type { Report } from "../../../src/emulator/lambda/environment.ts";
import { buildLambdaChild, specOf } from "../../contracts/lambda-setup.ts";
import { listen } from "../../listen.ts";
import { project } from "../../readers/projects.ts";

beforeAll(buildLambdaChild);

/** Has a client of the SDK, and tells what keeps its process alive besides itself and its output. */
const CODE = `
import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
void ApiGatewayManagementApiClient;
export const handler = (event, context, callback) => {
  const running = process.getActiveResourcesInfo();
  callback(null, running.filter((name) => name !== "Immediate" && name !== "PipeWrap"));
};
`;

/** Stands where the gateway would be. Tells the first bytes of a connection; unless `hangsUp`, it leaves it at that. */
async function startDoor(hangsUp: boolean) {
  let hear = (_: Buffer) => {};
  const heard = new Promise<Buffer>((resolve) => {
    hear = resolve;
  });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => {
      hear(bytes);
      if (hangsUp) socket.destroy();
    });
  });
  return { heard, port: await listen(server) };
}

/** Starts a prewarmed environment that has the gateway at `port`. */
async function prewarm(port: number) {
  const { root } = project({ "a.mjs": CODE });
  const spec = await specOf({ handler: "a.handler", root });
  const network = {
    region: "eu-west-1",
    apis: [],
    address: { host: "127.0.0.1", port },
    standIns: [],
    allowAws: false,
  };
  let answered = (_: Report) => {};
  const answer = new Promise<Report>((resolve) => {
    answered = resolve;
  });
  const child = createChildProcesses().start({ ...spec, network, isPrewarmed: true }, (report) => {
    if (report.kind !== "memory" && report.kind !== "initialized") answered(report);
  });
  onTestFinished(() => child.stop());
  return { run: child.run, answer };
}

const TLS_HANDSHAKE = 22;

test.each([
  ["hangs up", true],
  ["says nothing", false],
])(
  "a prewarmed environment greets the gateway, and has nothing of that left at its first event, even if that %s",
  async (_, hangsUp) => {
    const door = await startDoor(hangsUp);

    const ready = await prewarm(door.port);
    const [first] = await door.heard;
    ready.run({ awsRequestId: "request", trace: "Root=1", event: "{}" });

    expect(await ready.answer).toMatchObject({ kind: "returned", payload: "[]" });
    expect(first).toBe(TLS_HANDSHAKE);
  },
);
