import { resolve } from "node:path";
import type { Clock } from "../clock.ts";
import { createClock } from "../clock.ts";
import type { LocalProject } from "../definition/local-project.ts";
import type { IdentityDefinition, Project } from "../definition/project.ts";
import { regionFor } from "../definition/region.ts";
import type { WsgwError } from "../errors.ts";
import type { Ids } from "../ids.ts";
import { createIds } from "../ids.ts";
import type { ControlAddress } from "../project-directory/running.ts";
import { stateNextTo } from "../project-directory/state-directory.ts";
import type { DefinitionSource } from "../readers/loaded-definition.ts";
import { stringIn } from "../values/json.ts";
import type { AuthorizerEvent } from "./apigateway/authorizers/rules/authorizer-event.ts";
import { checkMockedIdentity } from "./apigateway/authorizers/rules/mocked-identity.ts";
import type { CountsOf, MetricCounts } from "./apigateway/requests/prometheus-metrics.ts";
import type { WebSocketEvent } from "./apigateway/rules/event-types.ts";
import { LIMITS, type Limits } from "./apigateway/rules/limits.ts";
import type { Journal } from "./facts.ts";
import type { Keys } from "./iam/keys.ts";
import type { PermissionMode } from "./iam/permissions.ts";
import type { Interference } from "./interference.ts";
import { createJournal } from "./journal/journal.ts";
import type { InvocationType, Outcome } from "./lambda/function-call.ts";
import type * as passed from "./lambda/in-process/passed-handlers.ts";
import type { LambdaSettings } from "./lambda/lambda.ts";
import { addressToListenOn } from "./network/rules/public-host.ts";
import type { KeySetOf } from "./tokens/rules/issuer-document.ts";
import { checkIssuers } from "./tokens/rules/user-pool.ts";
import type { TokenSigner } from "./tokens/token-signer.ts";

/** A Lambda handler as a function, by default for events of the API. */
export type Handler = passed.Handler<WebSocketEvent | AuthorizerEvent>;

export type EmulatorOptions = {
  /** The API; validated here, whatever its type says. */
  readonly definition: unknown;
  /** The definition's name in messages, such as its file name. Default `definition`. */
  readonly source?: string;
  /**
   * The current HTTP APIs of the same template: requests for their paths are rejected with an explanation.
   */
  readonly httpApis?: () => DefinitionSource["httpApis"];
  /** Directory to which handlers are relative. Default: the working directory. */
  readonly root?: string;
  /** Default 3001; 0 takes any free port, `auto` takes 3001 or the next free one. */
  readonly port?: number | "auto";
  /**
   * Port of another gateway of the same project, which receives the functions' calls instead of this one.
   * Default: none.
   */
  readonly gatewayPort?: number;
  /** Address to listen on. Default 127.0.0.1 and ::1; with a `publicHost`, every address of this machine. */
  readonly host?: string;
  /**
   * Name or address by which others reach this machine. URLs and events contain it, and the certificate
   * covers it. Default: none.
   */
  readonly publicHost?: string;
  /** Directory for certificates and builds. Default `.wsgw` in `root`. */
  readonly stateDir?: string;
  /** Directory of the tables. Default: in memory. */
  readonly dataDir?: string;
  /** Uses another DynamoDB instead of the built-in one. */
  readonly dynamodbEndpoint?: string;
  /** Port of the built-in DynamoDB on 127.0.0.1. Default: any free port. */
  readonly dynamodbPort?: number;
  /** Default: the definition's, else that of `regionFrom`, else `us-east-1`. */
  readonly region?: string;
  /** Environment from which AWS_REGION or AWS_DEFAULT_REGION is read. Default: none. */
  readonly regionFrom?: Readonly<Record<string, string | undefined>>;
  /** Twelve digits. Default: the definition's, else `123456789012`. */
  readonly accountId?: string;
  /** Where handlers run. Default `child-process`. */
  readonly runtime?: "child-process" | "in-process";
  /** Functions that replace files, by function name. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** Changes values of functions' environment variables after the definition is checked. */
  readonly adjust?: (project: Project) => Project;
  /**
   * Lets functions call AWS services without a local endpoint, with the keys in this process's
   * `AWS_ACCESS_KEY_ID` and related variables, if set. Default false.
   */
  readonly allowAws?: boolean;
  /**
   * Lets debuggers attach to the functions' processes at this port of 127.0.0.1 and the following ones, one
   * per function in the order of the definition. Nothing is frozen, and no timeout applies. 0: any free
   * ports.
   */
  readonly inspectPort?: number;
  /** Fails with HANDLER_INVALID instead of a warning if a function cannot run. Default false. */
  readonly strict?: boolean;
  /** How many functions get a prewarmed environment, which waits for changed code. Default 0. */
  readonly prewarmed?: number;
  readonly limits?: Partial<Limits>;
  readonly environments?: Partial<LambdaSettings>;
  /**
   * How many functions get an environment before their first event, which still loads their code at that
   * event. Default 0.
   */
  readonly warm?: number;
  /** Whether a handler that returns nothing succeeds. Default false. */
  readonly nullIsSuccess?: boolean;
  /** Whether a client's ping resets the idle timeout. Default false. */
  readonly pingsResetIdle?: boolean;
  /**
   * Time in ms that `stop()` gives handlers to finish, and then `$disconnect`. Each `$disconnect` that ends
   * renews it for the others, up to half a minute in total. If the handlers use it up, `$disconnect` gets one
   * second. Default 5,000.
   */
  readonly stopGraceMs?: number;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Number of facts in the journal. Default 10,000. */
  readonly keepFacts?: number;
  /**
   * Name of a header with a handshake's source address, for tests. Every client that knows the name is
   * trusted, so it must be secret; it never reaches an event. Default: none.
   */
  readonly sourceIpHeader?: string;
  /**
   * The identity of every client, instead of calling the authorizer. Throws USAGE if other machines can reach
   * the gateway. Default: the authorizer's result.
   */
  readonly mockedIdentity?: IdentityDefinition;
  /**
   * Handling of calls that a function's role does not allow: rejected as on AWS, warned about, or not
   * checked. Default `enforce`.
   */
  readonly permissions?: PermissionMode;
  /**
   * Issuers whose key sets are served at Cognito's hosts instead of Cognito's own. Throws USAGE if other
   * machines can reach the gateway. Default: none.
   */
  readonly issuers?: readonly KeySetOf[];
  /** An issuer that also signs tokens on request of the control interface. Default: none. */
  readonly signer?: TokenSigner;
  /** Gives stages without an access log one in the default format. Default false. */
  readonly logsRequests?: boolean;
  /** Gives stages without an execution log one at full level. Default false. */
  readonly logsExecution?: boolean;
  /** File for the lines of all execution logs, in addition to the stages' own. Default: none. */
  readonly executionLogFile?: string;
  /** Counts requests, and serves the counts at `/_wsgw/metrics`. Default false. */
  readonly metrics?: boolean;
  /** File for the lines of all access logs, in addition to the stages' own. Default: none. */
  readonly accessLogFile?: string;
  /** A test's hooks between the parts. Default: none. */
  readonly interference?: Interference;
  /**
   * Makes `Date` and timers in the project's own files follow `clock`; packages keep real time. Only for
   * in-process handlers. Default false.
   */
  readonly virtualTime?: boolean;
};

export const DEFAULT_PORT = 3001;
export const DEFAULT_ACCOUNT = "123456789012";

/** Region and account of a project; ARNs and host names contain them on this machine too. */
export type Place = { readonly region: string; readonly accountId: string };

/** Options without a default. */
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

/** The options with all defaults. */
export type EmulatorSettings = Required<
  Omit<EmulatorOptions, Optional | "limits" | "keepFacts" | "port" | "regionFrom">
> & { readonly [Name in Optional]: EmulatorOptions[Name] } & {
  readonly port: number;
  /** Whether the next free port is acceptable. */
  readonly orNextPort: boolean;
  readonly limits: Limits;
  readonly journal: Journal;
  /** The place of another definition with the same options. */
  readonly placeOf: (definition: unknown) => Place;
};

export function fillInOptions(options: EmulatorOptions): EmulatorSettings {
  const root = resolve(options.root ?? ".");
  const host = options.host ?? addressToListenOn(options.publicHost);
  const reach = { host, publicHost: options.publicHost };
  checkMockedIdentity(options.mockedIdentity, reach);
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
    stateDir: options.stateDir ?? stateNextTo(root),
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

/** The URLs of a gateway. */
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
  /** A route without an integration has no function. */
  readonly routes: readonly { readonly routeKey: string; readonly function: string | undefined }[];
  /** The default stage is first. */
  readonly stages: readonly ({ readonly name: string } & GatewayUrls)[];
};

/** Whether a function can run. */
export type FunctionState = {
  readonly name: string;
  readonly runnable: boolean;
  /** Why it cannot run. */
  readonly because?: string;
};

/** A running emulator. Its URLs contain the public host if it has one. */
export type Emulator = GatewayUrls & {
  readonly publicHost: string | undefined;
  /** Its URLs for processes of this machine, whatever its public host. */
  readonly local: GatewayUrls & { readonly apis: readonly RunningApi[] };
  /** Undefined if the project has no tables and no endpoint was given. */
  readonly dynamodbEndpoint: string | undefined;
  /** The region of the APIs and tables. */
  readonly region: string;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority of the emulator's certificates, and its file. */
  readonly caPem: string;
  readonly caFile: string | undefined;
  /** Keys for the management API and DynamoDB; not valid anywhere else. */
  readonly credentials: Keys;
  /** Keys that sign as one of the definition's `identities`. Throws USAGE for an unknown identity. */
  credentialsOf(identity: string): Keys;
  /**
   * Variables for another program, started in `env`. A proxy, an authority and, if `env` has no AWS keys,
   * keys of the gateway route its calls to the project's own hosts here. All other calls are unaffected.
   */
  programEnvironment(
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Readonly<Record<string, string>>>;
  /** `iss` of the tokens that it signs on request of the control interface. */
  readonly issuer: string | undefined;
  /** Where programs on this machine read the request counts; undefined without the option `metrics`. */
  readonly metricsUrl: string | undefined;
  /** Where other processes can ask about its connections and facts. */
  readonly control: ControlAddress;
  /** The project as currently served. */
  readonly project: LocalProject;
  /** Its APIs; the URLs above are those of the first stage of the first API. */
  readonly apis: readonly RunningApi[];
  readonly journal: Journal;
  /** The counts of CloudWatch; zero without the option `metrics`. */
  counts(of: CountsOf): MetricCounts;
  /** The functions, and whether they can run. */
  readonly functions: readonly FunctionState[];
  /** Why functions cannot run, HANDLER_INVALID; undefined if all can. */
  fault(): WsgwError | undefined;
  /** Source files of handlers. */
  inputs(): readonly string[];
  /**
   * Serves another definition from now on; connections, ids and tables stay. Returns what cannot change while
   * it runs. Throws as `startEmulator` does, and then changes nothing.
   */
  update(definition: unknown): Promise<{ readonly needsRestart: readonly string[] }>;
  /**
   * Reloads handlers, and returns the functions that one of the changed files belongs to: they run new code
   * from their next event on. A function that is broken now keeps its old code; see `fault()`.
   */
  reload(files: readonly string[]): Promise<readonly string[]>;
  /** Invokes a function with any JSON value. */
  invoke(
    functionName: string,
    payload: unknown,
    options?: { readonly invocationType?: InvocationType },
  ): Promise<Outcome>;
  /** Resolves when no handler runs and no call of a handler is pending. */
  idle(): Promise<void>;
  /** Number of HTTP requests of in-process handlers without a response. */
  callsUnderWay(): number;
  /**
   * Resolves when everything sent in both directions on a connection until now has arrived, or the connection
   * is gone. Requires a client that answers pings.
   */
  flushed(connectionId: string): Promise<void>;
  /** Lets handlers finish, closes clients with 1001, runs `$disconnect`, and cleans up. */
  stop(): Promise<void>;
};
