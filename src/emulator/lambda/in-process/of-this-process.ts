import type { Capabilities } from "../environment.ts";

/** What environments cannot do that share a process with those who started them. */
export const OF_THIS_PROCESS: Capabilities = {
  interruptsCode: false,
  freezes: false,
  seesEmptyLoop: false,
  catchesRejections: false,
  survivesCrashes: false,
  ownsProcess: false,
};
