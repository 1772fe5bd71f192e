import { setFlagsFromString } from "node:v8";
import { FLAGS_OF_V8_UNSET } from "../../rules/node-flags.ts";

// Node's own modules are precompiled, and V8 uses that code only with the flags it was compiled with: none.
// With other flags it compiles each module again, which takes as long as loading an SDK. The heap keeps its
// size after start, so this resets the flags before anything else loads: this module is imported first.
for (const flag of FLAGS_OF_V8_UNSET) setFlagsFromString(flag);
