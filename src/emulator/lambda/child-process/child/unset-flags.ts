import { setFlagsFromString } from "node:v8";
import { FLAGS_OF_V8_UNSET } from "../../rules/node-flags.ts";

// Node brings its own modules along compiled, and V8 takes them only with the flags that they were compiled with: none.
// With others it compiles each of them anew, which takes as long as loading an SDK. The heap stays as it was made, so
// the flags are set back before anything else is loaded: this module is imported first.
for (const flag of FLAGS_OF_V8_UNSET) setFlagsFromString(flag);
