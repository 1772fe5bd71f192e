import { main } from "../../cli/main.ts";
import { fakeIo } from "./fake-io.ts";

/** Runs the command line to its end, in a process that holds nothing real. */
export async function runMain(argv: readonly string[], options: Parameters<typeof fakeIo>[0] = {}) {
  const io = fakeIo(options);
  const exitCode = await main(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}
