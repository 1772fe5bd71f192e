import type { LambdaFact } from "../facts.ts";

/** Work of one kind that an invocation left behind. */
export type PendingWork = Extract<
  LambdaFact,
  { readonly type: "function.unfinished" }
>["work"][number];

/** What code can leave behind when it has answered. */
export type PendingKind = PendingWork["kind"];

/** How much of each kind there is. */
export type PendingCounts = Readonly<Partial<Record<PendingKind, number>>>;

/** Node's names of what keeps its event loop alive. Idle sockets and standard streams are no work. */
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

/** Counts the work among the names that `process.getActiveResourcesInfo()` gives. */
export function countWork(resources: readonly string[]): PendingCounts {
  const counts: Partial<Record<PendingKind, number>> = {};
  for (const name of resources) {
    const kind = KIND_OF[name];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Work of which there is more than before; an interval that runs since an earlier event is not told again. */
export function addedWork(before: PendingCounts, now: PendingCounts): readonly PendingWork[] {
  return (Object.keys(now) as PendingKind[]).flatMap((kind) => {
    const count = (now[kind] ?? 0) - (before[kind] ?? 0);
    return count > 0 ? [{ kind, count, details: [] }] : [];
  });
}

/** Puts requests first. The connections and look-ups that they need are not told beside them. */
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
