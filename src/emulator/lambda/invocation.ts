import type { Journal } from "../journal/journal.ts";
import type { Clock, FunctionCall, Ids, Outcome } from "../ports.ts";
import type { StartEnvironment } from "./environment.ts";
import { endedEarly } from "./rules/function-faults.ts";

/** What an invocation needs of the world. */
export type LambdaParts = {
  readonly start: StartEnvironment;
  readonly clock: Clock;
  /** Tells how busy this machine is, whatever the emulated time. */
  readonly machineClock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  /** Functions may take as long as they like. */
  readonly untimed?: boolean;
};

/** An event that an environment is wanted for. */
export type Wanted = {
  readonly call: FunctionCall;
  readonly settle: (outcome: Outcome) => void;
  /** When it came, on the machine's clock. */
  readonly since: number;
};

/** Fails an event that no environment will run any more, as if its environment had been killed. */
export function kill({ call, settle }: Wanted): void {
  settle({
    kind: "failed",
    ...endedEarly(call.requestId, { kind: "signalled", signal: "SIGKILL" }),
  });
}
