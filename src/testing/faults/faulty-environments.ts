import type {
  EnvironmentEvent,
  Report,
  StartEnvironment,
} from "../../emulator/lambda/environment.ts";
import { requestContextOf } from "../../emulator/lambda/rules/request-context.ts";
import type { Injected, Shelf } from "./book.ts";
import type { Delays } from "./delays.ts";
import type { FunctionEffect } from "./function-faults.ts";
import type { Naming } from "./naming.ts";

/** Makes a client leave; resolves when the gateway has seen it go. */
export type Leave = (connectionId: string, waitsForDisconnect: boolean) => Promise<void>;

/** Puts faults between the pools of the functions and their environments. */
export function faultyEnvironments(parts: {
  readonly shelf: Shelf<FunctionEffect>;
  readonly delays: Delays;
  readonly naming: Naming;
  readonly leave: Leave;
}): (next: StartEnvironment) => StartEnvironment {
  const { shelf, delays, naming, leave } = parts;

  return (next) => (spec, report) => {
    let isFirst = true;
    let current: FunctionEffect | undefined;
    let extraInitMs = 0;
    let isStopped = false;
    const environment = next(spec, hear);
    /** An environment that took too long is gone when its event is let go. */
    const runUnlessStopped = (event: EnvironmentEvent): void => {
      if (!isStopped) environment.run(event);
    };

    function hear(heard: Report): void {
      const effect = current;
      const isAnswer = heard.kind === "returned" || heard.kind === "failed";
      if (heard.kind === "initialized") {
        report({ ...heard, initMs: heard.initMs + extraInitMs });
      } else if (effect === undefined || !isAnswer) {
        report(heard);
      } else if (effect.kind === "answers") {
        current = undefined;
        effect.later(() => report(heard));
      } else if (effect.kind === "fails" || effect.kind === "crashes") {
        current = undefined;
        answerFor(effect);
      } // what times out is never heard of
    }

    function answerFor(effect: Extract<FunctionEffect, { kind: "fails" | "crashes" }>): void {
      if (effect.kind === "fails") report({ kind: "failed", error: effect.error, leaving: false });
      else report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
    }

    function pick(event: EnvironmentEvent, isCold: boolean): Injected<FunctionEffect> | undefined {
      if (shelf.isEmpty()) return undefined;
      const {
        connectionId,
        routeKey: route,
        eventType,
      } = requestContextOf(JSON.parse(event.event));
      const occurrence = {
        connectionId,
        functionName: spec.name,
        route,
        awsRequestId: event.awsRequestId,
        key: connectionId === undefined ? spec.name : `${route} of ${naming.nameOf(connectionId)}`,
      };
      return shelf.pick(occurrence, ({ kind }) => {
        if (kind === "sender-leaves") return eventType === "MESSAGE";
        return kind !== "starts-slowly" || isCold;
      });
    }

    return {
      run(event) {
        const effect = pick(event, isFirst)?.effect;
        isFirst = false;
        current = effect;
        switch (effect?.kind) {
          case "fails":
          case "crashes":
            if (effect.runs) return environment.run(event);
            current = undefined;
            // The caller has not returned yet: what comes back at once would overtake it.
            return queueMicrotask(() => answerFor(effect));
          case "times-out":
            if (effect.runs) return environment.run(event);
            // From here on the function's own limit counts, and no longer that of loading.
            return queueMicrotask(() => report({ kind: "initialized", initMs: 0 }));
          case "starts-slowly":
            current = undefined;
            extraInitMs = effect.ms;
            return delays.late(effect.ms, () => runUnlessStopped(event));
          case "sender-leaves": {
            current = undefined;
            const { connectionId } = requestContextOf(JSON.parse(event.event));
            if (connectionId === undefined) return environment.run(event);
            void leave(connectionId, effect.waitsForDisconnect).then(() => runUnlessStopped(event));
            return;
          }
          default:
            return environment.run(event);
        }
      },
      stop() {
        isStopped = true;
        return environment.stop();
      },
    };
  };
}
