import { WsgwError } from "../errors.ts";
import type { StackResource } from "./aws/stacks.ts";
import { logGroupOf } from "./rules/log-groups.ts";
import { heedSignal, type Run, runEnding } from "./runs/run-context.ts";
import { findStack, openToRead, type RunControls, type StackPlace } from "./runs/run-open.ts";
import { functionLogicalId } from "./template/logical-ids.ts";

export type LogsOptions = StackPlace &
  Pick<RunControls, "signal" | "timing"> & {
    /** A function of the definition, or its name on AWS. Default: all functions of the stack. */
    readonly functionName?: string;
    /** How far back, in ms. Default: ten minutes. */
    readonly sinceMs?: number;
    /** A filter pattern of CloudWatch Logs. */
    readonly filter?: string;
    /** Continues with new events until `signal` is aborted. */
    readonly follow?: boolean;
    readonly onLine: (line: LogLine) => void;
  };

/** One event of CloudWatch Logs. */
export type LogLine = {
  /** Logical id of the function. */
  readonly function: string;
  readonly stream: string;
  /** Epoch ms. */
  readonly at: number;
  readonly message: string;
};

const SINCE_MS = 10 * 60_000;
const FOLLOW_MS = 2000;
/** CloudWatch returns events with a delay; late ones are reported too. */
const LATE_MS = 60_000;

/**
 * Reports the functions' log events, in order. Throws STACK_NOT_FOUND, and USAGE for a function that the
 * stack does not have.
 */
export async function readLogs(options: LogsOptions): Promise<void> {
  const { sinceMs = SINCE_MS, filter, follow = false, onLine } = options;
  const { stackName, ...place } = await findStack(options);
  const run = await openToRead(place, stackName, options);
  await runEnding(async () => {
    const groups = await logGroups(run, options.functionName);
    let since = run.timing.now() - sinceMs;
    let reported = new Set<string>();
    for (;;) {
      const found = await Promise.all(
        groups.map(async ({ group, name }) => {
          const events = await run.cloud.logs.read(group, since, filter);
          return events.map((event) => ({ ...event, function: name }));
        }),
      );
      const events = found.flat().sort((a, b) => a.at - b.at);
      for (const event of events) {
        if (reported.has(event.id)) continue;
        const { function: name, stream, at, message } = event;
        onLine({ function: name, stream, at, message });
      }
      if (!follow) return;
      reported = new Set(events.map(({ id }) => id));
      const newest = events.at(-1)?.at;
      if (newest !== undefined) since = Math.max(since, newest - LATE_MS);
      await run.timing.pause(FOLLOW_MS, run.signal);
      heedSignal(run);
    }
  });
}

async function logGroups(run: Run, wanted: string | undefined) {
  const { stacks } = run.cloud;
  const { stackName } = run;
  const stack = await stacks.describe(stackName);
  if (stack === undefined) {
    throw new WsgwError(
      "STACK_NOT_FOUND",
      `The stack ${stackName} does not exist in ${run.cloud.region}.`,
    );
  }
  const [resources, template] = await Promise.all([
    stacks.resources(stack.id),
    stacks.template(stack.id),
  ]);
  const functions = resources.filter(({ type }) => type === "AWS::Lambda::Function");
  const chosen = wanted === undefined ? functions : functions.filter((fn) => isNamed(fn, wanted));
  if (chosen.length === 0) {
    const names = functions.map(({ logicalId }) => logicalId).join(", ") || "none";
    const which = wanted === undefined ? "no function" : `no function "${wanted}"`;
    throw new WsgwError("USAGE", `The stack ${stackName} has ${which}. Its functions: ${names}.`);
  }
  return chosen.map((fn) => ({
    name: fn.logicalId,
    group: logGroupOf(fn, template, resources),
  }));
}

function isNamed({ logicalId, physicalId }: StackResource, wanted: string): boolean {
  return [logicalId, physicalId].includes(wanted) || logicalId === functionLogicalId(wanted);
}
