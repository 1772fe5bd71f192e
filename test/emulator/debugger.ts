import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";

type Message = { readonly method: string; readonly params: Record<string, unknown> };
type Paused = {
  readonly callFrames: readonly {
    readonly callFrameId: string;
    readonly location: {
      readonly scriptId: string;
      readonly lineNumber: number;
      readonly columnNumber: number;
    };
  }[];
  /** Of the script on top; the protocol leaves it out where a map renames the script. */
  readonly url: string;
};

/** A debugger that speaks the inspector protocol, as VS Code and Chrome DevTools do. */
export async function attach(port: number) {
  const listed = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = (await listed.json()) as { readonly webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target!.webSocketDebuggerUrl);
  const answers = new Map<number, (result: Record<string, unknown>) => void>();
  const seen: Message[] = [];
  const scripts = new Map<unknown, string>();
  const wanted = new Set<() => void>();
  let serial = 0;
  socket.on("message", (data) => {
    const { id, result, error, ...message } = JSON.parse(String(data));
    if (id !== undefined) return answers.get(id)?.(result ?? { error });
    if (message.method === "Debugger.scriptParsed") {
      scripts.set(message.params.scriptId, message.params.url);
    }
    seen.push(message);
    for (const look of wanted) look();
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));

  const send = (method: string, params = {}) =>
    new Promise<Record<string, unknown>>((resolve) => {
      serial += 1;
      answers.set(serial, resolve);
      socket.send(JSON.stringify({ id: serial, method, params }));
    });

  /** The first message of a kind that has not been taken yet. */
  const take = (method: string, fits: (params: Record<string, unknown>) => boolean = () => true) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const look = () => {
        const at = seen.findIndex((message) => message.method === method && fits(message.params));
        if (at < 0) return;
        wanted.delete(look);
        resolve(seen.splice(at, 1)[0]!.params);
      };
      wanted.add(look);
      look();
    });

  await send("Runtime.enable");
  await send("Debugger.enable");
  return {
    send,
    closed: new Promise<void>((resolve) => socket.once("close", () => resolve())),
    close: () => socket.close(),
    async paused(): Promise<Paused> {
      const { callFrames } = (await take("Debugger.paused")) as unknown as Paused;
      return { callFrames, url: scripts.get(callFrames[0]!.location.scriptId)! };
    },
    async evaluate(paused: Paused, expression: string): Promise<unknown> {
      const { callFrameId } = paused.callFrames[0]!;
      const { result } = await send("Debugger.evaluateOnCallFrame", { callFrameId, expression });
      return (result as { value: unknown }).value;
    },
  };
}

/** The map of a built file, as its last line names it. */
export async function mapOf(file: string): Promise<SourceMap> {
  const text = await readFile(file, "utf8");
  const name = /\/\/# sourceMappingURL=(.+)\s*$/.exec(text)![1]!;
  return new SourceMap(JSON.parse(await readFile(new URL(name, `file://${file}`), "utf8")));
}

/** Where a line of the author's file went in the built one; all from 0. */
export async function builtLine(file: string, source: string, line: number): Promise<number> {
  const map = await mapOf(file);
  const lines = (await readFile(file, "utf8")).split("\n");
  const at = lines.findIndex((text, number) => {
    const entry = map.findEntry(number, text.search(/\S|$/));
    return (
      "originalSource" in entry &&
      entry.originalLine === line &&
      entry.generatedLine === number &&
      new URL(entry.originalSource, `file://${file}`).pathname === source
    );
  });
  if (at < 0) throw new Error(`${file} has nothing of ${source}:${line + 1}.`);
  return at;
}

/** Where the author's line of a pause is: file and line, from 0. */
export async function authorsPlace(paused: Paused) {
  const { url } = paused;
  const { location } = paused.callFrames[0]!;
  const file = fileURLToPath(url);
  const entry = (await mapOf(file)).findEntry(location.lineNumber, location.columnNumber);
  if (!("originalSource" in entry)) throw new Error(`${file} maps to nothing there.`);
  const source = new URL(entry.originalSource, `file://${file}`).pathname;
  return { source, line: entry.originalLine };
}
