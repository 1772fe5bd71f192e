import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
};

/** What an editor shows over each of `words` in a file with this text, by TypeScript's own language server. */
export async function hoverOver(
  text: string,
  words: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const server = spawn(process.execPath, [tsc, "--lsp", "--stdio"], {
    cwd: root,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const answers = new Map<number, (result: unknown) => void>();
  let ids = 0;

  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve) => {
      ids += 1;
      answers.set(ids, resolve);
      send({ id: ids, method, params });
    });

  let received = Buffer.alloc(0);
  server.stdout.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const [head, length] =
        /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(received.toString("latin1")) ?? [];
      if (head === undefined || received.length < head.length + Number(length)) return;
      const end = head.length + Number(length);
      const message: Message = JSON.parse(received.subarray(head.length, end).toString());
      received = received.subarray(end);
      if (message.id === undefined) continue;
      if (message.method !== undefined) send({ id: message.id, result: null });
      else answers.get(message.id)?.(message.result);
    }
  });

  const closed = new Promise((resolve) => server.once("close", resolve));
  // Outside of this project, all of which the server would read first.
  const uri = pathToFileURL(join(tmpdir(), "opened-in-editor.ts")).href;
  try {
    await ask("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      capabilities: { textDocument: { hover: { contentFormat: ["markdown"] } } },
    });
    send({ method: "initialized", params: {} });
    const textDocument = { uri, languageId: "typescript", version: 1, text };
    send({ method: "textDocument/didOpen", params: { textDocument } });
    const shown = await Promise.all(
      words.map(async (word) => {
        const before = text.slice(0, text.indexOf(word)).split("\n");
        const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
        const result = await ask("textDocument/hover", { textDocument: { uri }, position });
        return [word, JSON.stringify(result)] as const;
      }),
    );
    return new Map(shown);
  } finally {
    server.kill();
    await closed;
  }
}
