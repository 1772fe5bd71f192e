import type { StackEvent, StackView } from "../aws/stacks.ts";
import { pollDelay } from "../rules/backoff.ts";
import {
  isAboutStack,
  NO_PROGRESS,
  nestedStacks,
  type Progress,
  resourceTimes,
  takeEvents,
} from "../rules/stack-events.ts";
import { endingOf } from "../rules/stack-status.ts";
import { EarlyEnd, heedSignal, type Run } from "./run-context.ts";

export type Watched = {
  /** The stack after the operation. */
  readonly stack: StackView;
  readonly progress: Progress;
};

type Known = ReadonlySet<string> | "since-its-start";

/** After this many polls a status counts even without a matching event. */
const PATIENT_LOOKS = 5;

/**
 * Watches an operation on a stack to its end and reports its events: those not in `known`, or, for an
 * operation that was already running, those since its start.
 */
export async function watchStack(
  run: Run,
  stackId: string,
  known: Known,
  operation: "create" | "update" | "delete",
): Promise<Watched> {
  try {
    return await watch(run, stackId, known);
  } catch (error) {
    if (!(error instanceof EarlyEnd)) throw error;
    throw new EarlyEnd({ kind: "interrupted", stackName: run.stackName, running: operation });
  }
}

async function watch(run: Run, stackId: string, known: Known): Promise<Watched> {
  let progress = NO_PROGRESS;
  for (let looks = 1; ; looks += 1) {
    // The status first, so that later events are included in what is read.
    const stack = await run.cloud.stacks.describe(stackId);
    const events = await readEvents(run, stackId, known, progress);
    const taken = takeEvents(progress, events);
    progress = taken.progress;
    for (const event of taken.fresh) {
      run.report({ type: "stack.event", event, aboutStack: isAboutStack(event) });
    }

    const settled = stack ?? gone(stackId);
    if (hasEnded(settled, progress, stackId) || (looks >= PATIENT_LOOKS && isOver(settled))) {
      run.report({ type: "resources.timed", times: resourceTimes(progress) });
      return { stack: settled, progress };
    }
    await run.timing.pause(pollDelay(looks, run.timing.random()), run.signal);
    heedSignal(run);
  }
}

function isOver({ status }: StackView): boolean {
  return endingOf(status) !== "running";
}

/** Shortly after the start of an operation, DescribeStacks may still return the end of the last one. */
function hasEnded(stack: StackView, { events }: Progress, stackId: string): boolean {
  const own = events.filter((event) => isAboutStack(event) && event.stackId === stackId);
  return (
    isOver(stack) && (own.at(-1)?.status === stack.status || stack.status === "DELETE_COMPLETE")
  );
}

/** A deleted stack can be described by its id for 90 days; some servers forget it at once. */
function gone(stackId: string): StackView {
  const name = /^arn:[^/]+\/([^/]+)\//.exec(stackId)?.[1] ?? stackId;
  return {
    id: stackId,
    name,
    status: "DELETE_COMPLETE",
    reason: undefined,
    createdAt: 0,
    updatedAt: undefined,
    parameters: [],
    tags: {},
    outputs: [],
  };
}

async function readEvents(
  run: Run,
  stackId: string,
  known: Known,
  progress: Progress,
): Promise<readonly StackEvent[]> {
  const found: StackEvent[] = [];
  for await (const event of run.cloud.stacks.events(stackId)) {
    if (progress.seen.has(event.id)) break;
    if (known !== "since-its-start" && known.has(event.id)) break;
    found.push(event);
    if (known === "since-its-start" && isAboutStack(event) && event.reason === "User Initiated") {
      break;
    }
  }
  const own = [...progress.events, ...found];
  const since = Math.min(...own.map(({ at }) => at));
  for (const nested of nestedStacks(own)) {
    for await (const event of run.cloud.stacks.events(nested)) {
      if (progress.seen.has(event.id) || event.at < since) break;
      found.push(event);
    }
  }
  return found;
}

/** The events of a stack before an operation starts; the newest ones are enough to recognize them. */
export async function eventsSoFar(run: Run, stackId: string): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for await (const event of run.cloud.stacks.events(stackId)) {
    known.add(event.id);
    if (known.size >= KNOWN_EVENTS) break;
  }
  return known;
}

/** Several, in case the newest are returned in another order later. */
const KNOWN_EVENTS = 50;
