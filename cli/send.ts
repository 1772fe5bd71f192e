import { coloursFor } from "./colours.ts";
import { explainRefusal } from "./explain.ts";
import type { Io } from "./io.ts";
import type { Library } from "./library.ts";
import { sendAndWait } from "./one-shot.ts";
import { findTarget } from "./target.ts";
import { cut, printable } from "./text.ts";

export type SendOptions = {
  readonly url: string | undefined;
  /** The stack that knows the URL. */
  readonly stack?: Parameters<Library["findStackUrl"]>[0] | undefined;
  readonly messages: readonly string[];
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly subprotocols: readonly string[];
  readonly count: number | undefined;
  readonly waitMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly caFile: string | undefined;
  readonly insecure: boolean;
  readonly color: boolean | undefined;
};

type Refusal = Extract<Awaited<ReturnType<Library["openClient"]>>, { kind: "refused" }>;

const EXIT_REFUSED = 1;

/** Connects and talks: at a prompt where a person sits on both ends, line by line elsewhere. */
export async function runSend(options: SendOptions, io: Io): Promise<number> {
  const library = await io.library();
  const { url, ca } = await findTarget(await withStackUrl(options, library), library, io);
  const opening = await library.openClient(url, {
    headers: options.headers,
    subprotocols: options.subprotocols,
    rejectUnauthorized: !options.insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(options.timeoutMs === undefined ? {} : { handshakeTimeoutMs: options.timeoutMs }),
  });
  if (opening.kind === "refused") {
    reportRefusal(url, opening, options, io);
    return EXIT_REFUSED;
  }

  const { client } = opening;
  const atPrompt =
    options.messages.length === 0 && io.stdin.isTTY === true && io.stdout.isTTY === true;
  if (atPrompt) {
    const { prompt } = await import("./prompt.ts");
    return prompt(client, options.color, io);
  }
  return sendAndWait(client, options, io);
}

async function withStackUrl(options: SendOptions, library: Library): Promise<SendOptions> {
  const { stack } = options;
  return stack === undefined ? options : { ...options, url: await library.findStackUrl(stack) };
}

const BODY_SHOWN = 1000;

function reportRefusal(url: string, refusal: Refusal, options: SendOptions, io: Io): void {
  const paint = coloursFor(io.stderr, io, options.color);
  const { statusCode, headers, body } = refusal;
  const type = headers["x-amzn-errortype"];
  const kind = typeof type === "string" ? ` ${printable(type)}` : "";
  const lines = [
    `${paint.red("✗")} ${url} refused the handshake with ${paint.bold(`${statusCode}${kind}`)}.`,
    ...(body.trim() === "" ? [] : [`  ${cut(printable(body.trim()), BODY_SHOWN)}`]),
    paint.dim(`  ${explainRefusal(statusCode)}`),
  ];
  io.stderr.write(`${lines.join("\n")}\n`);
}
