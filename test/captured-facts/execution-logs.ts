import type { CapturedFact } from "./fact.ts";
import { expectText } from "./placeholders.ts";
import { connected, sceneOf } from "./scene.ts";

/** Holds lines of the execution log to captured ones: each follows the one before it among those of a request. */
export async function executionLog(fact: CapturedFact): Promise<void> {
  const { clientClose } = (fact.given ?? {}) as {
    readonly clientClose?: { readonly code: number; readonly reason: string };
  };
  const { lines } = fact.expect as { readonly lines: readonly string[] };
  const scene = await sceneOf({ executionLog: { level: "INFO" } });
  const { gateway } = scene;
  const { wire, known } = await connected(scene);
  if (clientClose !== undefined) {
    const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(clientClose.reason)]);
    payload.writeUInt16BE(clientClose.code);
    wire.sendFrame(8, payload);
    await gateway.fact("function.ended", { functionName: "disconnect" });
  }
  await gateway.settled();

  const all = gateway.facts("execution.logged");
  const { requestId = "" } = all.at(-1) ?? {};
  const own = all.filter((each) => each.requestId === requestId).map(({ line }) => line);
  const { length } = lines;
  const seen =
    length === 1 ? own.slice(-1) : [own.find((line) => line.includes("Client [")), own.at(-1)];
  lines.forEach((line, at) => {
    expectText(seen[at], line, new Map([...known, ["REQUEST_ID", requestId]]));
  });
}
