import type { StoppedCall } from "./rules/stopped-call.ts";

/** What happens to calls that leave a function. */
export type NetworkFact =
  /** A call to AWS that nothing here answers did not leave the machine. */
  {
    readonly type: "aws.stopped";
    /** Whose event the function ran, where that can be told. */
    readonly connectionId: string | undefined;
  } & StoppedCall;
