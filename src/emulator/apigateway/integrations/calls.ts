import type { FactId } from "../../journal/journal.ts";
import type { BackendAnswer } from "./rules/integration-response.ts";

/** The result of a call to a backend. */
export type BackendOutcome =
  | ({ readonly kind: "answered" } & BackendAnswer)
  | { readonly kind: "failed"; readonly because: string };

/** The result of a call that may already be recorded. */
export type CallOutcome = BackendOutcome & { readonly isRecorded?: boolean };

/** A hook around a call to a backend: returns the outcome of `start`, or another one. */
export type StepIntoIntegration = (
  call: { readonly connectionId: string; readonly routeKey: string; readonly because: FactId },
  start: () => Promise<CallOutcome>,
) => Promise<CallOutcome>;
