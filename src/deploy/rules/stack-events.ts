import type { StackEvent } from "../aws/stacks.ts";

/** As of the latest event of this run. */
type ResourceState = Pick<
  StackEvent,
  "stackName" | "logicalId" | "type" | "status" | "reason" | "at"
> & {
  /** Epoch ms of the first event of this run. */
  readonly startedAt: number;
};

/** The state of every resource that a run has changed, by stack and logical id. */
export type Progress = {
  readonly seen: ReadonlySet<string>;
  readonly resources: ReadonlyMap<string, ResourceState>;
  /** In chronological order. */
  readonly events: readonly StackEvent[];
};

export const NO_PROGRESS: Progress = { seen: new Set(), resources: new Map(), events: [] };

/**
 * Adds events, newest first as CloudFormation returns them, possibly repeated. `fresh` are the new ones in
 * chronological order.
 */
export function takeEvents(
  progress: Progress,
  events: readonly StackEvent[],
): { readonly progress: Progress; readonly fresh: readonly StackEvent[] } {
  const ids = new Set<string>();
  const fresh = events
    .filter(({ id }) => {
      if (progress.seen.has(id) || ids.has(id)) return false;
      ids.add(id);
      return true;
    })
    .reverse() // events of the same ms keep their order
    .sort((a, b) => a.at - b.at);
  if (fresh.length === 0) return { progress, fresh };

  const resources = new Map(progress.resources);
  for (const event of fresh) {
    if (isAboutStack(event)) continue;
    const key = `${event.stackId}/${event.logicalId}`;
    const before = resources.get(key);
    if (before !== undefined && before.at > event.at) continue;
    resources.set(key, {
      stackName: event.stackName,
      logicalId: event.logicalId,
      type: event.type,
      status: event.status,
      reason: event.reason ?? before?.reason,
      startedAt: before?.startedAt ?? event.at,
      at: event.at,
    });
  }
  return {
    progress: {
      seen: new Set([...progress.seen, ...ids]),
      resources,
      events: [...progress.events, ...fresh].sort((a, b) => a.at - b.at),
    },
    fresh,
  };
}

/** Whether an event is about the stack itself rather than one of its resources. */
export function isAboutStack(event: StackEvent): boolean {
  return event.type === "AWS::CloudFormation::Stack" && event.physicalId === event.stackId;
}

/** The nested stacks seen so far. */
export function nestedStacks(events: readonly StackEvent[]): readonly string[] {
  const ids = events
    .filter((event) => event.type === "AWS::CloudFormation::Stack" && !isAboutStack(event))
    .flatMap(({ physicalId }) => (physicalId === undefined || physicalId === "" ? [] : physicalId));
  return [...new Set(ids)];
}

export type ResourceTime = {
  readonly logicalId: string;
  readonly type: string;
  readonly durationMs: number;
};

/** How long each resource took, the slowest first. */
export function resourceTimes(progress: Progress): readonly ResourceTime[] {
  return [...progress.resources.values()]
    .map(({ logicalId, type, startedAt, at }) => ({ logicalId, type, durationMs: at - startedAt }))
    .sort((a, b) => b.durationMs - a.durationMs);
}
