import type { ModelSchema } from "./models.ts";
import type {
  AccessLogDefinition,
  AccountLimitsDefinition,
  ApiKeyDefinition,
  AuthorizerDefinition,
  CustomDomainDefinition,
  DeployDefinition,
  EsbuildDefinition,
  ExecutionLogDefinition,
  FunctionDefinition,
  IdentityDefinition,
  ProjectRouteDefinition,
  StageDefinition,
  StageThrottleDefinition,
  TableDefinition,
  UsagePlanDefinition,
} from "./parts.ts";

/** What an author writes with every default filled in; undefined are only those of the fields that have none. */
type Filled<T, WithoutDefault extends keyof T> = {
  readonly [K in keyof T]-?: K extends WithoutDefault
    ? Exclude<T[K], undefined> | undefined
    : Exclude<T[K], undefined>;
};

/** A checked definition with every default filled in: what the rest of wsgw reads. */
export type Project = {
  readonly name: string;
  readonly description: string | undefined;
  /** As the definition names it; undefined leaves it to the command line and the environment. */
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  /** By the name that references and URLs use, in the order of the definition; one at least. */
  readonly apis: Readonly<Record<string, WebSocketApi>>;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** By logical name; the connection table stands here too, as `connections`. */
  readonly tables: Readonly<Record<string, ApiTable>>;
  readonly apiKeys: Readonly<Record<string, ApiKey>>;
  readonly usagePlans: Readonly<Record<string, UsagePlan>>;
  /** Of this machine alone; undefined where nothing is limited. */
  readonly accountLimits: AccountLimitsDefinition | undefined;
  /** URLs by service. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly esbuild: EsbuildSettings;
  readonly hooks: DeployHooks;
  readonly deploy: ApiDeploy;
};

/** How esbuild builds the functions' code. */
export type EsbuildSettings = Filled<EsbuildDefinition, never>;

export type WebSocketApi = {
  /** What references and URLs call it. */
  readonly key: string;
  /** Its name on AWS. */
  readonly name: string;
  readonly description: string | undefined;
  readonly routeSelectionExpression: string;
  readonly apiKeySelectionExpression: KeySource;
  readonly routes: Readonly<Record<string, Route>>;
  /** By the name that routes use. */
  readonly authorizers: Readonly<Record<string, Authorizer>>;
  readonly models: Readonly<Record<string, ModelSchema>>;
  readonly disableSchemaValidation: boolean;
  /** Clients to whom no authorizer is asked on this machine, by name. */
  readonly identities: Readonly<Record<string, IdentityDefinition>>;
  /** By name, in the order of the definition; one at least. */
  readonly stages: Readonly<Record<string, Stage>>;
  readonly customDomain: ApiCustomDomain | undefined;
  readonly domainName: DomainNameForm;
  /** Nothing answers at the host that AWS gives the API. Left out where it is not so. */
  readonly disableExecuteApiEndpoint?: true | undefined;
  /** On AWS only. Left out for `ipv4`. */
  readonly ipAddressType?: "dualstack";
  /** Further hosts that mean the API on this machine. */
  readonly hosts: readonly string[];
};

/** Where the API key of a client is. */
type KeySource = "$request.header.x-api-key" | "$context.authorizer.usageIdentifierKey";

export type Stage = Filled<
  Omit<StageDefinition, "throttle" | "accessLog" | "executionLog">,
  "description" | "detailedMetrics"
> & {
  readonly throttle: StageThrottle | undefined;
  readonly accessLog: StageAccessLog | undefined;
  readonly executionLog: StageExecutionLog | undefined;
};

/** Its file is named from the folder of the definition. */
export type StageAccessLog = Filled<AccessLogDefinition, "file">;

/** Its file is named from the folder of the definition. */
export type StageExecutionLog = Filled<ExecutionLogDefinition, "file">;

/** Limits of a stage, and by route key those of routes that have limits of their own. */
export type StageThrottle = StageThrottleDefinition &
  Required<Pick<StageThrottleDefinition, "routes">>;

export type ApiKey = Filled<ApiKeyDefinition, "value" | "description"> & { readonly name: string };

/** `apiStages` has the stages one by one. */
export type UsagePlan = Filled<UsagePlanDefinition, "description" | "throttle" | "quota"> & {
  readonly name: string;
};

/** A Lambda authorizer. */
export type Authorizer = Filled<AuthorizerDefinition, "denied"> & { readonly name: string };

/** A function as API Gateway calls it: by its name in the definition, and by an alias or a version of it. */
export type CalledFunction = { readonly name: string; readonly qualifier: string | undefined };

export type Route = Filled<
  Omit<ProjectRouteDefinition, "function" | "requestParameters">,
  "operationName" | "authorizer" | "modelSelectionExpression"
> &
  Pick<ProjectRouteDefinition, "requestParameters"> & {
    readonly routeKey: string;
    /** Its function as it is written, where that is more than a name: with an alias or stage variables. */
    readonly calledAs?: string;
    /** Its function by stage then. */
    readonly calls?: Readonly<Record<string, CalledFunction>>;
    /** The alias or version that the stage at hand calls, of a route by `routeAt`. */
    readonly qualifier?: string | undefined;
  };

/** An integration that is no Lambda proxy: the gateway itself makes its request and reads its answer. */
export type CustomIntegration = Exclude<
  Route["integration"],
  { readonly type: "lambda-proxy" | "none" }
>;

/** Its environment has references to its tables filled in; its code root is `.` for the folder of the definition. */
export type LambdaFunction = Filled<
  FunctionDefinition,
  "functionName" | "description" | "aliases" | "code" | "command" | "role" | "permissions" | "build"
> & { readonly name: string };

export type ApiTable = Filled<
  Omit<TableDefinition, "seed">,
  "sortKey" | "timeToLive" | "environmentVariable"
> & {
  readonly logicalName: string;
  /** Files, relative to the folder of the definition. Left out when there are none. */
  readonly seed?: readonly string[];
};

export type ApiDeploy = Filled<Omit<DeployDefinition, "logging">, never> & {
  readonly logging: ApiLogging | undefined;
};

export type ApiLogging = {
  readonly level: "ERROR" | "INFO" | "OFF";
  readonly dataTrace: boolean;
  /** Format of the access log. */
  readonly accessLog: string | undefined;
};

/** Its mapping key is empty where the bare domain leads to the API, or `mappings` has the keys. */
export type ApiCustomDomain = Filled<Omit<CustomDomainDefinition, "mappings">, "certificateArn"> &
  Pick<CustomDomainDefinition, "mappings">;

export type DomainNameForm = "localhost" | "execute-api";

/** Code of an author's own that runs during a deployment, in this order. Each may be async. */
export type DeployHooks = {
  readonly beforeBundle?: BeforeBundle;
  readonly afterBundle?: AfterBundle;
  readonly template?: ChangeTemplate;
};

/** Runs before any code is read: the place to generate some. */
export type BeforeBundle = (about: {
  /** As it is deployed: under the name of its stack. */
  readonly project: Project;
  /** Folder of the definition. */
  readonly root: string;
}) => void | Promise<void>;

/**
 * Runs for each function when its code is bundled and not yet zipped. The files that it returns, by
 * path, are added to the zip, in place of those of the same path; undefined as contents takes one out.
 */
export type AfterBundle = (about: {
  readonly project: Project;
  readonly root: string;
  readonly functionName: string;
  /** Paths in the zip. */
  readonly files: readonly string[];
}) => ChangedFiles | Promise<ChangedFiles>;

type ChangedFiles = Readonly<Record<string, string | Uint8Array | undefined>> | undefined;

/**
 * Runs on the template before it is checked. Returns the one to deploy, which may be the one that it
 * was given, changed in place.
 */
export type ChangeTemplate = (
  template: HookTemplate,
  about: { readonly project: Project; readonly root: string; readonly buildId: string },
) => HookTemplate | Promise<HookTemplate>;

/** A CloudFormation template, free to be changed. */
export type HookTemplate = {
  Resources: Record<string, HookResource>;
  Outputs?: Record<string, unknown>;
  Parameters?: Record<string, unknown>;
  [section: string]: unknown;
};

/** One resource of a template. */
export type HookResource = {
  Type: string;
  Properties?: Record<string, unknown>;
  [attribute: string]: unknown;
};
