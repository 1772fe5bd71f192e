import type { FactId } from "../../journal/journal.ts";
import type { BackendAnswer } from "./rules/integration-response.ts";

/** What became of a call of a backend. */
export type BackendOutcome =
  | ({ readonly kind: "answered" } & BackendAnswer)
  | { readonly kind: "failed"; readonly because: string };

/** The same, of a call that may have been recorded alone. */
export type CallOutcome = BackendOutcome & { readonly isRecorded?: boolean };

/** Stands between the gateway and what a route calls: gives the outcome of `start`, or another one. */
export type StepIntoIntegration = (
  call: { readonly connectionId: string; readonly routeKey: string; readonly because: FactId },
  start: () => Promise<CallOutcome>,
) => Promise<CallOutcome>;
