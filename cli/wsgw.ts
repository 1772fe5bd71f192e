import module from "node:module";
import { processIo } from "./io.ts";
import { main } from "./main.ts";
import { written } from "./output.ts";

// Node 22.8 and newer keep compiled code between runs; the types are those of the oldest supported Node.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const io = processIo(() => import("../src/index.ts"));
const exitCode = await main(process.argv.slice(2), io);
await Promise.all([written(process.stdout), written(process.stderr)]);
process.exit(exitCode);
