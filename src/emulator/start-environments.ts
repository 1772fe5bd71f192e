import { startBroken } from "./lambda/broken-function.ts";
import { createChildProcesses } from "./lambda/child-process/child-process.ts";
import { createInspected } from "./lambda/child-process/inspected.ts";
import {
  checkInspectorPorts,
  createInspectorPorts,
} from "./lambda/child-process/inspector-ports.ts";
import { createPrewarmed } from "./lambda/child-process/prewarmed.ts";
import type { Environment, FunctionSpec, StartEnvironment } from "./lambda/environment-contract.ts";
import { withFailedStarts } from "./lambda/failed-start.ts";
import { createInProcess } from "./lambda/in-process/in-process.ts";
import { createPassedHandlers } from "./lambda/in-process/passed-handlers.ts";
import type { PendingCalls } from "./lambda/in-process/pending-calls.ts";
import type { KnownInvocations } from "./lambda/known-invocations.ts";
import { variablesForDebugger } from "./lambda/rules/while-debugging.ts";
import type { EmulatorSettings } from "./options.ts";

/** Runs the functions of an emulator. */
export type Environments = {
  readonly start: StartEnvironment;
  /** Ends the prewarmed environments of all other functions. */
  retireOthers(functionNames: ReadonlySet<string>): void;
  /** Ends the prewarmed environments. */
  stop(): Promise<void>;
};

type EnvironmentsSettings = Pick<
  EmulatorSettings,
  "clock" | "handlers" | "inspectPort" | "journal" | "prewarmed" | "runtime" | "virtualTime"
>;

/** Runs functions passed in directly, programs, and all others as the settings say. */
export function createEnvironments(
  settings: EnvironmentsSettings,
  parts: {
    readonly ca: string;
    readonly program: StartEnvironment;
    readonly calls: PendingCalls;
    readonly invocations: KnownInvocations;
    /** The environment of a function broke while it was debugged. */
    readonly onBroken: (functionName: string) => void;
  },
): Environments {
  const passed = createPassedHandlers(settings.handlers, settings.clock, parts.invocations);
  const program = withFailedStarts(parts.program, NO_ENVIRONMENT);
  const { start, ...rest } = others(settings, parts);
  return {
    ...rest,
    start(spec, report) {
      if (spec.broken !== undefined) return startBroken(spec.broken, report);
      if (spec.program !== undefined) return program(spec, report);
      if (Object.hasOwn(settings.handlers, spec.name)) return passed.start(spec, report);
      return start(spec, report);
    },
  };
}

const NO_ENVIRONMENT: Environment = { run() {}, async stop() {} };

function others(
  { runtime, clock, inspectPort, prewarmed, journal, virtualTime }: EnvironmentsSettings,
  { ca, calls, invocations, onBroken }: Parameters<typeof createEnvironments>[1],
): Environments {
  const nothingWaits = { retireOthers() {}, async stop() {} };
  if (runtime === "in-process") {
    const { start } = createInProcess({ clock, ca, calls, invocations, virtualTime });
    return { start, ...nothingWaits };
  }
  const start = withFailedStarts(createChildProcesses().start, { ...NO_ENVIRONMENT, assume() {} });
  if (inspectPort !== undefined) {
    const inspected = createInspected({
      start(spec, report) {
        const environment = variablesForDebugger(spec.environment, process.env);
        return start({ ...spec, environment }, report);
      },
      portOf: createInspectorPorts(inspectPort),
      onListening: (where) => journal.record({ type: "debugger.listening", ...where }),
      onBroken,
    });
    return { start: inspected, ...nothingWaits };
  }
  return prewarmed === 0 ? { start, ...nothingWaits } : createPrewarmed({ start, most: prewarmed });
}

/** Throws if a debugger port is not available. */
export async function checkDebuggerPorts(
  specs: readonly FunctionSpec[],
  { inspectPort, handlers }: Pick<EmulatorSettings, "handlers" | "inspectPort">,
): Promise<void> {
  if (inspectPort === undefined) return;
  const debugged = specs.filter(
    ({ name, program }) => program === undefined && !Object.hasOwn(handlers, name),
  );
  const names = debugged.map(({ name }) => name);
  await checkInspectorPorts(names, createInspectorPorts(inspectPort));
}
