import type { Report } from "../environment-contract.ts";
import type { CallBegun } from "./patched-modules.ts";
import type { PendingCalls } from "./pending-calls.ts";

/** Watches one environment for calls that its code did not await before it answered. */
export type UnawaitedCallsWatch = {
  readonly begun: CallBegun;
  started(awsRequestId: string): void;
  /** The `awsRequestId` of the running event, or of the last one. */
  current(): string | undefined;
  /** The code has answered the running event. */
  answered(): void;
};

/**
 * Reports calls that are still running when the handler has answered, or that start afterwards. On AWS the
 * environment is frozen then, so they would not be made or not finish.
 */
export function createUnawaitedCallsWatch(
  calls: PendingCalls,
  report: (report: Report) => void,
): UnawaitedCallsWatch {
  const open = new Set<{ readonly what: string }>();
  let awsRequestId: string | undefined;
  let isRunning = false;

  const tell = (id: string, whats: readonly string[]): void =>
    report({
      kind: "unfinished",
      awsRequestId: id,
      work: [{ kind: "request", count: whats.length, details: whats }],
    });

  return {
    begun(what) {
      const call = { what };
      const end = calls.begin();
      open.add(call);
      if (!isRunning && awsRequestId !== undefined) tell(awsRequestId, [what]);
      return () => {
        open.delete(call);
        end();
      };
    },
    started(id) {
      awsRequestId = id;
      isRunning = true;
    },
    current: () => awsRequestId,
    answered() {
      const id = awsRequestId;
      const left = [...open];
      isRunning = false;
      if (left.length === 0 || id === undefined) return;
      // A response that has arrived may still be on its way through the calling code.
      setImmediate(() => {
        const still = left.filter((call) => open.has(call)).map(({ what }) => what);
        if (still.length > 0) tell(id, still);
      });
    },
  };
}
