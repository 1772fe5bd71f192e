import module from "node:module";
import { setImmediate } from "node:timers/promises";
import { main } from "./main.ts";
import { processIo } from "./terminal/io.ts";
import { watchLoss, written } from "./terminal/output.ts";
import { reportLoss } from "./terminal/report.ts";

// Node 22.8 and newer keep compiled code between runs; the types are those of the oldest supported Node.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const io = processIo();
const lost = watchLoss(process.stdout);
const exitCode = await main(process.argv.slice(2), io);
await Promise.all([written(process.stdout), written(process.stderr)]);
await setImmediate(); // streams report errors in a later tick
process.exit((await reportLoss(lost(), io)) && exitCode === 0 ? 1 : exitCode);
