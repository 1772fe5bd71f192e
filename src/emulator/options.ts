import { resolve } from "node:path";
import type { Clock } from "../clock.ts";
import { createClock } from "../clock.ts";
import { readIdentity } from "../definition/identities.ts";
import type { LocalProject } from "../definition/local-project.ts";
import type { IdentityDefinition, Project } from "../definition/project.ts";
import { regionFor } from "../definition/region.ts";
import { WsgwError } from "../errors.ts";
import type { Ids } from "../ids.ts";
import { createIds } from "../ids.ts";
import type { ControlAddress } from "../project-folder/running.ts";
import { stateBeside } from "../project-folder/state-folder.ts";
import type { DefinitionSource } from "../readers/loaded-definition.ts";
import { stringIn } from "../values/json.ts";
import { isLoopback } from "../values/loopback.ts";
import type { AuthorizerEvent } from "./apigateway/authorizers/rules/authorizer-event.ts";
import type { CountsOf, MetricCounts } from "./apigateway/requests/metrics.ts";
import type { WebSocketEvent } from "./apigateway/rules/events.ts";
import { LIMITS, type Limits } from "./apigateway/rules/limits.ts";
import type { Journal } from "./facts.ts";
import type { Keys } from "./iam/keys.ts";
import type { PermissionMode } from "./iam/permissions.ts";
import type { Interference } from "./interference.ts";
import { createJournal } from "./journal/journal.ts";
import type * as direct from "./lambda/in-process/direct.ts";
import type { InvocationType, Outcome } from "./lambda/invoke.ts";
import type { LambdaSettings } from "./lambda/settings.ts";
import { addressToListenOn } from "./network/rules/public-host.ts";
import type { KeySetOf } from "./tokens/rules/issuer-document.ts";
import type { TokenSigner } from "./tokens/token-signer.ts";

/** A Lambda handler given as a function, for events of the API unless it says otherwise. */
export type Handler = direct.Handler<WebSocketEvent | AuthorizerEvent>;

export type EmulatorOptions = {
  /** The API; checked here, whatever it claims to be. */
  readonly definition: unknown;
  /** How messages name the definition, such as the name of its file. Default `definition`. */
  readonly source?: string;
  /** HTTP APIs of the same template, as it is now: what asks for their paths is told that they are not served. */
  readonly httpApis?: () => DefinitionSource["httpApis"];
  /** Folder that handlers are relative to. Default: the working folder. */
  readonly root?: string;
  /** Default 3001; 0 takes any free port, `auto` 3001 or the next that is free. */
  readonly port?: number | "auto";
  /**
   * Port of another gateway of the same project, to which functions' calls go in place of this one.
   * Default: none.
   */
  readonly gatewayPort?: number;
  /** Address to listen on. Default 127.0.0.1, and with it ::1; with a `publicHost` every address of this machine. */
  readonly host?: string;
  /**
   * Name or address by which others reach this machine. URLs and events name it, and the certificate
   * covers it. Default: none.
   */
  readonly publicHost?: string;
  /** Folder for certificates and builds. Default `.wsgw` in `root`. */
  readonly stateDir?: string;
  /** Folder to keep the tables in. Default: in memory. */
  readonly dataDir?: string;
  /** Uses another DynamoDB in place of the built-in one. */
  readonly dynamodbEndpoint?: string;
  /** Port of the built-in DynamoDB on 127.0.0.1. Default: any free one. */
  readonly dynamodbPort?: number;
  /** Default: that of the definition, else that of `regionFrom`, else `us-east-1`. */
  readonly region?: string;
  /** Environment whose AWS_REGION or AWS_DEFAULT_REGION counts. Default: none. */
  readonly regionFrom?: Readonly<Record<string, string | undefined>>;
  /** Twelve digits. Default: that of the definition, else `123456789012`. */
  readonly accountId?: string;
  /** Where handlers run. Default `child-process`. */
  readonly runtime?: "child-process" | "in-process";
  /** Functions to run in place of files, by function name. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** Changes values of functions' environment variables once the definition is checked. */
  readonly adjust?: (project: Project) => Project;
  /**
   * Lets functions call those services of AWS that nothing here answers for, with the keys in this
   * process's `AWS_ACCESS_KEY_ID` and the like, if there are any. Default false.
   */
  readonly allowAws?: boolean;
  /**
   * Lets debuggers attach to the functions' processes at this port of 127.0.0.1, the next and so on, one
   * a function in the order of the definition. Nothing is frozen or timed out then. 0: any free ports.
   */
  readonly inspectPort?: number;
  /** Fails with HANDLER_INVALID when a function cannot run, in place of a warning. Default false. */
  readonly strict?: boolean;
  /** How many functions get a prewarmed environment, which waits for changed code. Default 0. */
  readonly prewarmed?: number;
  readonly limits?: Partial<Limits>;
  readonly environments?: Partial<LambdaSettings>;
  /**
   * How many functions get an environment ahead of their first event, which loads their code all the
   * same. Default 0.
   */
  readonly warm?: number;
  /** Whether a handler that returns nothing counts as a success. Default false. */
  readonly nullIsSuccess?: boolean;
  /** Whether a ping of the client's makes a connection less idle. Default false. */
  readonly pingsResetIdle?: boolean;
  /**
   * How long `stop()` lets handlers finish, and after that `$disconnect`, in ms. Each `$disconnect` that ends gives the
   * others that time anew, up to half a minute in all. When the first use it up, it is a second. Default 5,000.
   */
  readonly stopGraceMs?: number;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** How many facts the journal keeps. Default 10,000. */
  readonly keepFacts?: number;
  /**
   * Name of a header in which a handshake tells the address that it comes from, for tests. Whoever knows
   * the name is believed, so it has to be a secret; it never reaches an event. Default: none.
   */
  readonly sourceIpHeader?: string;
  /**
   * Who every client is, without its authorizer being asked. USAGE where the gateway is not for this machine alone.
   * Default: whom the authorizer says.
   */
  readonly mockedIdentity?: IdentityDefinition;
  /**
   * What becomes of calls that a function's role does not allow: refused as on AWS, warned of, or not checked. Default
   * `enforce`.
   */
  readonly permissions?: PermissionMode;
  /**
   * Whose key sets are served at the hosts of Cognito, in place of its own. USAGE where the gateway is not for this
   * machine alone. Default: none.
   */
  readonly issuers?: readonly KeySetOf[];
  /** An issuer that also signs tokens for those who may ask by the control interface. Default: none. */
  readonly signer?: TokenSigner;
  /** Gives stages without an access log one in the usual format. Default false. */
  readonly logsRequests?: boolean;
  /** Gives stages without an execution log one that has everything. Default false. */
  readonly logsExecution?: boolean;
  /** File that gets the lines of all execution logs, besides those of the stages' own. Default: none. */
  readonly executionLogFile?: string;
  /** Counts requests, and serves the counts at `/_wsgw/metrics`. Default false. */
  readonly metrics?: boolean;
  /** File that gets the lines of all access logs, besides those of the stages' own. Default: none. */
  readonly accessLogFile?: string;
  /** Where a test steps between the parts. Default: nowhere. */
  readonly interference?: Interference;
  /**
   * Makes `Date` and timers in the project's own files follow `clock`; packages keep real time. Only for
   * handlers that run in process. Default false.
   */
  readonly virtualTime?: boolean;
};

export const DEFAULT_PORT = 3001;
export const DEFAULT_ACCOUNT = "123456789012";

/** Where a project is: on this machine too its ARNs and host names say it. */
export type Place = { readonly region: string; readonly accountId: string };

/** Options that have no default. */
type Optional =
  | "accessLogFile"
  | "dataDir"
  | "dynamodbEndpoint"
  | "executionLogFile"
  | "dynamodbPort"
  | "gatewayPort"
  | "inspectPort"
  | "mockedIdentity"
  | "publicHost"
  | "signer"
  | "sourceIpHeader";

/** The options with every default filled in. */
export type EmulatorSettings = Required<
  Omit<EmulatorOptions, Optional | "limits" | "keepFacts" | "port" | "regionFrom">
> & { readonly [Name in Optional]: EmulatorOptions[Name] } & {
  readonly port: number;
  /** Whether the next port that is free will do as well. */
  readonly orNextPort: boolean;
  readonly limits: Limits;
  readonly journal: Journal;
  /** Where another definition would be served, with the same options. */
  readonly placeOf: (definition: unknown) => Place;
};

export function fillInOptions(options: EmulatorOptions): EmulatorSettings {
  const root = resolve(options.root ?? ".");
  const host = options.host ?? addressToListenOn(options.publicHost);
  const reach = { host, publicHost: options.publicHost };
  checkIdentity(options.mockedIdentity, reach);
  const { issuers = [], signer } = options;
  const allIssuers = signer === undefined ? issuers : [...issuers, signer];
  checkIssuers(allIssuers, reach);
  const clock = options.clock ?? createClock();
  const placeOf = (definition: unknown): Place => ({
    region: regionFor(options.region, stringIn(definition, "region"), options.regionFrom ?? {}),
    accountId: options.accountId ?? stringIn(definition, "accountId") ?? DEFAULT_ACCOUNT,
  });
  return {
    definition: options.definition,
    source: options.source ?? "definition",
    httpApis: options.httpApis ?? (() => []),
    root,
    port: options.port === "auto" ? DEFAULT_PORT : (options.port ?? DEFAULT_PORT),
    orNextPort: options.port === "auto",
    gatewayPort: options.gatewayPort,
    host,
    publicHost: options.publicHost,
    stateDir: options.stateDir ?? stateBeside(root),
    dataDir: options.dataDir,
    dynamodbEndpoint: options.dynamodbEndpoint,
    dynamodbPort: options.dynamodbPort,
    ...placeOf(options.definition),
    placeOf,
    runtime: options.runtime ?? "child-process",
    handlers: options.handlers ?? {},
    adjust: options.adjust ?? ((project) => project),
    allowAws: options.allowAws ?? false,
    inspectPort: options.inspectPort,
    strict: options.strict ?? false,
    prewarmed: options.prewarmed ?? 0,
    limits: { ...LIMITS, ...options.limits },
    environments: options.environments ?? {},
    warm: options.warm ?? 0,
    nullIsSuccess: options.nullIsSuccess ?? false,
    pingsResetIdle: options.pingsResetIdle ?? false,
    stopGraceMs: options.stopGraceMs ?? 5_000,
    clock,
    ids: options.ids ?? createIds(clock),
    journal: createJournal(() => clock.now(), options.keepFacts),
    sourceIpHeader: options.sourceIpHeader,
    mockedIdentity: options.mockedIdentity,
    logsRequests: options.logsRequests ?? false,
    accessLogFile: options.accessLogFile,
    logsExecution: options.logsExecution ?? false,
    executionLogFile: options.executionLogFile,
    metrics: options.metrics ?? false,
    permissions: options.permissions ?? "enforce",
    issuers: allIssuers,
    signer,
    interference: options.interference ?? {},
    virtualTime: options.virtualTime ?? false,
  };
}

function checkIdentity(
  identity: EmulatorOptions["mockedIdentity"],
  reach: Parameters<typeof isForThisMachine>[0],
): void {
  if (identity === undefined) return;
  const problem = readIdentity(identity);
  if (typeof problem === "string")
    throw new WsgwError("USAGE", `The identity that every client is to have is wrong: ${problem}`);
  if (isForThisMachine(reach)) return;
  const message =
    "Other machines can reach this gateway, so its authorizers have to be asked: leave out the mock identity (--authorizer), or the host (--host, --public-host).";
  throw new WsgwError("USAGE", message);
}

function checkIssuers(
  issuers: readonly KeySetOf[],
  reach: Parameters<typeof isForThisMachine>[0],
): void {
  if (issuers.length === 0 || isForThisMachine(reach)) return;
  const message =
    "Other machines can reach this gateway, so tokens that it signs itself must not let clients in: leave out the user pool (--cognito), or the host (--host, --public-host).";
  throw new WsgwError("USAGE", message);
}

/** Whether nobody but this machine reaches the gateway. */
export function isForThisMachine({
  host,
  publicHost,
}: Pick<EmulatorSettings, "host" | "publicHost">): boolean {
  return publicHost === undefined && isLoopback(host);
}

/** Where a gateway can be reached. */
export type GatewayUrls = {
  /** `ws://localhost:PORT/STAGE` */
  readonly url: string;
  /** `wss://localhost:PORT/STAGE` */
  readonly secureUrl: string;
  /** Endpoint of the management API for SDKs: `http://localhost:PORT/STAGE`. */
  readonly managementUrl: string;
};

/** One API of a running gateway. */
export type RunningApi = {
  readonly name: string;
  readonly id: string;
  readonly domainName: string;
  /** A route without integration leads to no function. */
  readonly routes: readonly { readonly routeKey: string; readonly function: string | undefined }[];
  /** The first one first. */
  readonly stages: readonly ({ readonly name: string } & GatewayUrls)[];
};

/** Whether a function can run. */
export type FunctionState = {
  readonly name: string;
  readonly runnable: boolean;
  /** Why it cannot. */
  readonly because?: string;
};

/** A running emulator. Its URLs name the public host if it has one. */
export type Emulator = GatewayUrls & {
  readonly publicHost: string | undefined;
  /** Where processes of this machine reach it, whatever others call it. */
  readonly local: GatewayUrls & { readonly apis: readonly RunningApi[] };
  /** Undefined when the API has no tables and no endpoint was given. */
  readonly dynamodbEndpoint: string | undefined;
  /** The region that the API and its tables are in. */
  readonly region: string;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority behind the emulator's certificates, and the file that holds it. */
  readonly caPem: string;
  readonly caFile: string | undefined;
  /** Keys for calling the management API and DynamoDB; of no use anywhere else. */
  readonly credentials: Keys;
  /** Keys that sign as one of the definition's `identities`. Throws USAGE for an identity that is not there. */
  credentialsOf(identity: string): Keys;
  /**
   * Variables for a program that wsgw did not make, started in `env`: by a proxy, an authority and, where `env` has no
   * AWS keys, keys of the gateway its calls to the project's own hosts come here. All other calls go where they want.
   */
  programEnvironment(
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Readonly<Record<string, string>>>;
  /** `iss` of the tokens that it signs for those who ask by the control interface. */
  readonly issuer: string | undefined;
  /** Where programs on this machine read the counts of requests; undefined without the option `metrics`. */
  readonly metricsUrl: string | undefined;
  /** Where other processes can ask this one about its connections and facts. */
  readonly control: ControlAddress;
  /** The project as it is served now. */
  readonly project: LocalProject;
  /** Its APIs, the first one first; the URLs above are those of its first stage. */
  readonly apis: readonly RunningApi[];
  readonly journal: Journal;
  /** What CloudWatch would have counted; nothing without the option `metrics`. */
  counts(of: CountsOf): MetricCounts;
  /** The functions, and which of them can run. */
  readonly functions: readonly FunctionState[];
  /** What keeps functions from running, HANDLER_INVALID; undefined when all of them can. */
  fault(): WsgwError | undefined;
  /** Files that handlers are made from. */
  inputs(): readonly string[];
  /**
   * Serves another definition from now on; connections, ids and tables stay. What cannot be changed
   * while it runs is named in the answer. Throws as `startEmulator` does, and changes nothing then.
   */
  update(definition: unknown): Promise<{ readonly needsRestart: readonly string[] }>;
  /**
   * Reads handlers again and names the functions that run new code from their next event on: those that one of
   * the changed files belongs to. Of a function that is broken now, what ran before stays; see `fault()`.
   */
  reload(files: readonly string[]): Promise<readonly string[]>;
  /** Invokes a function with a payload of the caller's: any JSON value. */
  invoke(
    functionName: string,
    payload: unknown,
    options?: { readonly invocationType?: InvocationType },
  ): Promise<Outcome>;
  /** Resolves when no handler runs for anybody, and no call that one has begun is under way. */
  idle(): Promise<void>;
  /** How many HTTP requests of handlers in this process have no answer yet. */
  callsUnderWay(): number;
  /**
   * Resolves when all that was sent to and fro on a connection until now has arrived, or when there is
   * no such connection any more. It takes a client that answers pings.
   */
  flushed(connectionId: string): Promise<void>;
  /** Lets handlers finish, closes clients with 1001, runs `$disconnect`, and leaves nothing behind. */
  stop(): Promise<void>;
};
