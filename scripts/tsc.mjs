import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const manifest = createRequire(import.meta.url).resolve("typescript/package.json");

/** The TypeScript compiler of this checkout: a Node script, on every system. */
export const TSC = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.tsc);
