import type { LambdaFact } from "../facts.ts";

/** Work of one kind that an invocation left behind. */
export type PendingWork = Extract<
  LambdaFact,
  { readonly type: "function.unfinished" }
>["work"][number];

/** Kinds of work that code can leave behind after its response. */
export type PendingKind = PendingWork["kind"];

/** Amount of work by kind. */
export type PendingCounts = Readonly<Partial<Record<PendingKind, number>>>;

/**
 * Node's names of resources that keep its event loop alive. Idle sockets and standard streams are not work.
 */
const KIND_OF: Readonly<Record<string, PendingKind>> = {
  Timeout: "timer",
  GetAddrInfoReqWrap: "lookup",
  GetNameInfoReqWrap: "lookup",
  QueryReqWrap: "lookup",
  FSReqCallback: "file",
  FSReqPromise: "file",
  ProcessWrap: "process",
  Process: "process",
  Worker: "thread",
};

/** Counts the work in the result of `process.getActiveResourcesInfo()`. */
export function countWork(resources: readonly string[]): PendingCounts {
  const counts: Partial<Record<PendingKind, number>> = {};
  for (const name of resources) {
    const kind = KIND_OF[name];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** The work that has increased; an interval from an earlier event is not reported again. */
export function addedWork(before: PendingCounts, now: PendingCounts): readonly PendingWork[] {
  return (Object.entries(now) as [PendingKind, number][]).flatMap(([kind, counted]) => {
    const count = counted - (before[kind] ?? 0);
    return count > 0 ? [{ kind, count, details: [] }] : [];
  });
}

/** Puts requests first, and omits the connections and DNS lookups that they use. */
export function withRequests(
  work: readonly PendingWork[],
  requests: readonly string[],
  connections: readonly string[],
): readonly PendingWork[] {
  const counted = (kind: PendingKind, details: readonly string[]): readonly PendingWork[] =>
    details.length === 0 ? [] : [{ kind, count: details.length, details }];
  if (requests.length === 0) return [...counted("connection", connections), ...work];
  return [...counted("request", requests), ...work.filter(({ kind }) => kind !== "lookup")];
}
