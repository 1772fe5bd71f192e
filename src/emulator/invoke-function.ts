import { relative, resolve } from "node:path";
import { findRunning } from "../project-directory/running.ts";
import { applyEnvFile, loadEnvFile } from "../readers/env-file.ts";
import { eventMissing, routesTo, usualEvent } from "./default-event.ts";
import { startEmulator } from "./emulator.ts";
import type { Entry } from "./facts.ts";
import { functionNamed } from "./function-by-name.ts";
import type { PermissionMode } from "./iam/permissions.ts";
import type { Outcome } from "./lambda/function-call.ts";
import { DEFAULT_PORT } from "./options.ts";
import { type ProjectOptions, readProject } from "./read-project.ts";
import { type SampleEvent, sampleEvent } from "./sample-event.ts";

export type InvocationOptions = ProjectOptions & {
  /** Its name in the definition or on AWS, or its ARN, with or without a version. */
  readonly functionName: string;
  /**
   * The event, or the kind of event to build. Without an API it is for the first one with a route to the
   * function. Default: by the function's routes.
   */
  readonly event?: { readonly value: unknown } | SampleEvent;
  /** Directory of the tables, relative to `cwd`; only if no gateway runs. */
  readonly dataDir?: string;
  readonly dynamodbEndpoint?: string;
  readonly allowAws?: boolean;
  readonly permissions?: PermissionMode;
};

/** The result of one invocation. */
export type Invocation = {
  readonly functionName: string;
  readonly event: unknown;
  /** The kind of event that was built, if the caller passed none. */
  readonly usualEvent?: SampleEvent["kind"];
  readonly outcome: Outcome;
  readonly logs: readonly { readonly stream: "stdout" | "stderr"; readonly text: string }[];
  readonly durationMs: number;
  /** Duration of loading the code in ms. */
  readonly initMs: number | undefined;
  /** AWS calls that were blocked, for example `s3 PutObject`. */
  readonly stopped: readonly string[];
  /** URL of the gateway whose tables and connections it used; undefined if none runs. */
  readonly gatewayUrl: string | undefined;
};

/**
 * Runs a function of a project once, in the same environment as `wsgw dev`. If a gateway runs in the project,
 * the function uses its tables and connections, and its region is the default; otherwise tables are created
 * for this invocation. Throws FUNCTION_UNKNOWN, and the errors of `startEmulator`.
 */
export async function invokeFunction(options: InvocationOptions): Promise<Invocation> {
  const { cwd, envFile } = options;
  const [gateway] = await findRunning(cwd, options.stateDir);
  const found = await readProject({ ...options, region: options.region ?? gateway?.region });
  const { project, definition, root, configFile, stateDir } = found;
  const functionName = functionNamed(options.functionName, found);
  const gatewayPort = gateway === undefined ? undefined : Number(new URL(gateway.url).port);
  const routes = routesTo(functionName, project);
  const usualApi = routes[0] && { api: routes[0].api };
  const usual = options.event === undefined ? usualEvent(functionName, routes, project) : undefined;
  const wanted = options.event ?? usual;
  if (wanted === undefined) {
    throw eventMissing(functionName, { routes, apis: project.apis, source: found.source });
  }
  const event =
    "value" in wanted
      ? wanted.value
      : sampleEvent(found, `localhost:${gatewayPort ?? DEFAULT_PORT}`, { ...usualApi, ...wanted });

  const variables = envFile === undefined ? {} : loadEnvFile(resolve(cwd, envFile));
  const endpoint = options.dynamodbEndpoint ?? gateway?.dynamodbEndpoint;
  const emulator = await startEmulator({
    definition,
    source: relative(cwd, configFile) || configFile,
    root,
    stateDir,
    port: 0,
    region: project.region,
    adjust: (checked) => applyEnvFile(checked, variables).project,
    ...(gatewayPort !== undefined && { gatewayPort }),
    ...(endpoint !== undefined && { dynamodbEndpoint: endpoint }),
    ...(options.dataDir !== undefined && { dataDir: resolve(cwd, options.dataDir) }),
    ...(options.allowAws !== undefined && { allowAws: options.allowAws }),
    ...(options.permissions !== undefined && { permissions: options.permissions }),
  });
  const facts: Entry[] = [];
  emulator.journal.subscribe((entry) => facts.push(entry));
  try {
    const outcome = await emulator.invoke(functionName, event);
    await emulator.stop(); // remaining output of the function arrives then
    // It may have invoked other functions, which end earlier; only its own run has no cause.
    const own = facts.find(({ type, causedBy }) => type === "function.started" && !causedBy);
    const ended = facts.find(
      ({ type, causedBy }) => type === "function.ended" && causedBy === own?.id,
    );
    return {
      functionName,
      event,
      ...(usual !== undefined && { usualEvent: usual.kind }),
      outcome,
      logs: facts.flatMap((fact) =>
        fact.type === "function.logged" ? [{ stream: fact.stream, text: fact.text }] : [],
      ),
      durationMs: ended?.type === "function.ended" ? ended.durationMs : 0,
      initMs: ended?.type === "function.ended" ? ended.initMs : undefined,
      stopped: facts.flatMap((fact) =>
        fact.type === "aws.stopped" ? [`${fact.service} ${fact.operation}`] : [],
      ),
      gatewayUrl: gateway?.url,
    };
  } finally {
    await emulator.stop();
  }
}
