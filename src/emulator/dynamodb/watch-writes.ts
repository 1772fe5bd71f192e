import type { IncomingMessage, ServerResponse } from "node:http";
import { namedAccessKey } from "../iam/rules/authorization.ts";
import { traceParent } from "../journal/trace-parent.ts";
import { type TableWrite, tableWrites, writeOperation } from "./rules/table-write.ts";

/** What a call changed, and whose call it was. */
export type Writes = {
  readonly writes: readonly TableWrite[];
  readonly accessKeyId: string | undefined;
  readonly traceParent: string | undefined;
  /** Where the call came from. */
  readonly remotePort: number | undefined;
  readonly statusCode: number;
};

/** Listens to a request that something else answers, and tells what it changed once it is answered. */
export function watchWrites(
  request: IncomingMessage,
  response: ServerResponse,
  onWrites: (writes: Writes) => void,
): void {
  const target = request.headers["x-amz-target"];
  const operation = writeOperation(typeof target === "string" ? target : undefined);
  if (operation === undefined) return;
  const { remotePort } = request.socket; // a socket that has closed does not know it any more
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  response.on("finish", () =>
    onWrites({
      writes: tableWrites(operation, textOf(chunks)),
      accessKeyId: namedAccessKey(request.headers.authorization ?? request.url),
      traceParent: traceParent(request.headers["x-amzn-trace-id"]),
      remotePort,
      statusCode: response.statusCode,
    }),
  );
}

/** Most bodies come in one piece. */
function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined
    ? first.toString()
    : Buffer.concat(chunks).toString();
}
