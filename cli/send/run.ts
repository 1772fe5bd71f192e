import { presignHandshake, WsgwError } from "../../src/app.ts";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import { print, printFitted } from "../terminal/output.ts";
import { createConnect } from "./connector.ts";
import { EXIT } from "./exit-status.ts";
import { type Expectation, readExpectation } from "./expect.ts";
import type { SendOptions } from "./options.ts";
import { rejectionLines } from "./rejected-handshake.ts";
import { sendAndWait } from "./send-and-wait.ts";
import { findTarget } from "./target.ts";

/**
 * Connects and sends: the lines of a script, at a prompt if input and output are terminals, or the lines of
 * standard input.
 */
export async function runSend(given: SendOptions, io: Io): Promise<number> {
  const options = await withStackUrl(given, io);
  if (options.printUrl) return printUrl(options, io);
  const connect = await createConnect(options, io);
  const expected = options.expected.map((written) => expectation(written));
  const selection = async () => {
    if (options.select === undefined) return undefined;
    const { selectionOf } = await import("./script.ts");
    return selectionOf(options.select);
  };
  const select = await selection();
  const attempt = await connect();
  if (attempt.kind === "rejected") {
    const paint = coloursFor(io.stderr, io, options.color);
    printFitted(io.stderr, rejectionLines(attempt, paint).join("\n"));
    return EXIT.notConnected;
  }

  const { scriptFile } = options;
  if (scriptFile !== undefined) {
    const { runScript } = await import("./script.ts");
    return runScript(attempt, connect, { ...options, scriptFile }, io);
  }
  const oneShot = options.messages.length > 0 || options.expected.length > 0;
  if (!oneShot && io.stdin.isTTY === true && io.stdout.isTTY === true) {
    const { prompt } = await import("./prompt.ts");
    return prompt(attempt, connect, options, io);
  }
  const pretty = options.pretty === true;
  return sendAndWait(attempt.client, { ...options, expected, select, pretty }, io);
}

/** A URL for clients that cannot set headers, such as a browser. */
async function printUrl(options: SendOptions, io: Io): Promise<number> {
  const target = await findTarget(options, io);
  const { signerFor } = await import("./identity.ts");
  print(io.stdout, presignHandshake(target.url, await signerFor(options, target, io)));
  return EXIT.done;
}

async function withStackUrl(options: SendOptions, io: Io): Promise<SendOptions> {
  const { stack } = options;
  if (stack === undefined) return options;
  const { findStackUrl } = await io.app();
  return { ...options, url: await findStackUrl(stack) };
}

function expectation(written: string): Expectation {
  const read = readExpectation(written);
  if (read !== undefined) return read;
  throw new WsgwError("USAGE", `--expect ${written} is not a pattern.`);
}
