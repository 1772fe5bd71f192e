import { createClock } from "../clock.ts";
import { lambdaName } from "../definition/lambda-name.ts";
import type { LocalProject } from "../definition/local-project.ts";
import { resolved } from "../definition/references.ts";
import { isProgram } from "../definition/runtimes.ts";
import type { Tables } from "./dynamodb/table.ts";
import { functionSpecs } from "./function-specs.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { Permissions } from "./iam/permissions.ts";
import type { Journal, Warning } from "./journal/journal.ts";
import { warnOnce } from "./journal/warn-once.ts";
import { createLambdaApi, type LambdaApi } from "./lambda/api/front.ts";
import type { FunctionSpec } from "./lambda/environment-contract.ts";
import type { LambdaFact } from "./lambda/facts.ts";
import { createPendingCalls, type PendingCalls } from "./lambda/in-process/pending-calls.ts";
import type { KnownInvocations } from "./lambda/known-invocations.ts";
import { createLambda, type Lambda } from "./lambda/lambda.ts";
import { ignoredSettings } from "./lambda/rules/ignored-settings.ts";
import { environmentsWith, isUntimed } from "./lambda/rules/while-debugging.ts";
import type { Certificates } from "./network/certificates/certificates.ts";
import type { NetworkFact } from "./network/facts.ts";
import type { Network } from "./network/rules/hosts.ts";
import type { EmulatorSettings } from "./options.ts";
import { createProgramHost } from "./programs.ts";
import type { ServedProject } from "./served-project.ts";
import { checkDebuggerPorts, createEnvironments } from "./start-environments.ts";
import type { Stopping } from "./stopping.ts";
import { TrustedAuthorities } from "./trusted-authorities.ts";
import { firstNeeded } from "./warm-functions.ts";

/** The functions of a project, ready to be invoked. */
export type RunningFunctions = {
  readonly lambda: Lambda;
  /** Lets functions invoke each other. */
  readonly api: LambdaApi;
  /** HTTP requests of in-process handlers. */
  readonly calls: PendingCalls;
  /** Starts the environments that the first events need, the one needed soonest first. */
  warm(): void;
  /**
   * Uses the served code from the next event on, for all functions or those that `concerns` selects.
   * Functions that are no longer served end.
   */
  replace(concerns?: (spec: FunctionSpec) => boolean): Promise<void>;
};

/** Starts the functions of a project. Throws if a debugger port is not available. */
export async function runFunctions(
  served: ServedProject,
  settings: EmulatorSettings,
  parts: {
    readonly keys: KeyRing;
    readonly permissions: Permissions;
    readonly certificates: Certificates;
    readonly tables: Tables | undefined;
    readonly network: () => Network;
    readonly invocations: KnownInvocations;
  },
  stopping: Stopping,
): Promise<RunningFunctions> {
  const { root, region, accountId, stateDir, clock, ids, journal, interference } = settings;
  const { keys, permissions, certificates, tables, network, invocations } = parts;
  const isDebugged = settings.inspectPort !== undefined;
  const programs = createProgramHost({ stateDir, caPem: certificates.caPem, network });
  stopping.add(programs.stop);
  const { caPem, caFile } = certificates;
  const warn = warnOnce(settings.journal);
  const specs = async (): Promise<readonly FunctionSpec[]> => {
    warnOfIgnored(served.project, settings, warn);
    return functionSpecs(served.project, served.code, {
      root,
      region,
      accountId,
      keys,
      authorities: new TrustedAuthorities({ stateDir, caPem, caFile, shell: process.env, warn }),
      dynamodbEndpoint: tables?.endpoint,
      network: network(),
      programNetwork: await programs.prepare(served.code),
    });
  };
  const calls = createPendingCalls();
  const facts = journal as Journal<LambdaFact | NetworkFact | Warning>; // Lambda only records its own facts in it
  const environments = createEnvironments(settings, {
    ca: certificates.caPem,
    program: programs.start,
    calls,
    invocations,
    onBroken: (name) => lambda.warm(name),
  });
  stopping.add(environments.stop);
  const functions = await specs();
  await checkDebuggerPorts(functions, settings);
  const lambda = createLambda({
    functions,
    start: interference.start?.(environments.start) ?? environments.start,
    untimed: isUntimed(settings.inspectPort),
    clock,
    machineClock: createClock(),
    ids,
    journal: facts,
    invocations,
    settings: environmentsWith(settings.inspectPort, settings.environments),
  });
  stopping.add(lambda.stop);

  const api = lambdaApi(served, settings, {
    keys,
    permissions,
    invocations,
    calls,
    invoke: lambda.invoke,
  });

  return {
    lambda,
    api,
    calls,
    warm() {
      const names = isDebugged
        ? functions.map(({ name }) => name)
        : firstNeeded(served.project, settings.warm);
      names.forEach(lambda.warm);
    },
    async replace(concerns = () => true) {
      const all = await specs();
      const replaced = all.filter(concerns);
      lambda.replace(replaced);
      const names = new Set(all.map(({ name }) => name));
      for (const each of [lambda, environments]) each.retireOthers(names);
      // A debugger must be able to attach before the next event.
      if (isDebugged) for (const { name } of replaced) lambda.warm(name);
    },
  };
}

/** Answers functions' Lambda calls, which use the functions' names on AWS. */
function lambdaApi(
  served: ServedProject,
  { region, accountId, publicHost, ids, journal }: EmulatorSettings,
  parts: {
    readonly keys: KeyRing;
    readonly permissions: Permissions;
    readonly invocations: KnownInvocations;
    readonly calls: PendingCalls;
    readonly invoke: Lambda["invoke"];
  },
): LambdaApi {
  const { keys, permissions, invocations, calls, invoke } = parts;
  const known = (name: string) =>
    Object.values(served.project.functions).find((fn) => lambdaName(fn) === name);
  return createLambdaApi({
    home: { region, accountId },
    memoryOf: (name) => known(name)?.memory,
    hasAlias: (name, alias) => known(name)?.aliases?.includes(alias) ?? false,
    secretFor: keys.secretFor,
    check: permissions.check,
    takesOtherKeys: publicHost === undefined,
    invoke: (call) =>
      invoke({ ...call, functionName: known(call.functionName)?.name ?? call.functionName }),
    ids,
    journal: journal as Journal<LambdaFact | NetworkFact | Warning>,
    invocationOf: invocations.of,
    followed: calls.ports,
  });
}

function warnOfIgnored(
  { functions }: LocalProject,
  { runtime, handlers }: Pick<EmulatorSettings, "runtime" | "handlers">,
  warn: (message: string) => void,
): void {
  for (const fn of Object.values(functions)) {
    if (Object.hasOwn(handlers, fn.name)) continue;
    const configured = { ...fn, environment: resolved(fn.environment), isProgram: isProgram(fn) };
    for (const message of ignoredSettings(configured, runtime === "in-process")) warn(message);
  }
}
