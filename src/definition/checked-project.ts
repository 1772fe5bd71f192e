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

/** An author's type with defaults filled in; only fields without a default can be undefined. */
type Filled<T, WithoutDefault extends keyof T> = {
  readonly [K in keyof T]-?: K extends WithoutDefault
    ? Exclude<T[K], undefined> | undefined
    : Exclude<T[K], undefined>;
};

/** A checked definition with defaults filled in, which the rest of wsgw uses. */
export type Project = {
  readonly name: string;
  readonly description: string | undefined;
  /** The definition's; undefined leaves it to the command line and the environment. */
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  /** By the name in references and URLs, in the definition's order; at least one. */
  readonly apis: Readonly<Record<string, WebSocketApi>>;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** By logical name; includes the connection table as `connections`. */
  readonly tables: Readonly<Record<string, ApiTable>>;
  readonly apiKeys: Readonly<Record<string, ApiKey>>;
  readonly usagePlans: Readonly<Record<string, UsagePlan>>;
  /** For this machine only; undefined without limits. */
  readonly accountLimits: AccountLimitsDefinition | undefined;
  /** URLs by service. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** URLs by VPC link. */
  readonly vpcLinks: Readonly<Record<string, string>>;
  readonly esbuild: EsbuildSettings;
  readonly hooks: DeployHooks;
  readonly deploy: ApiDeploy;
};

/** How esbuild builds the functions' code. */
export type EsbuildSettings = Filled<EsbuildDefinition, never>;

export type WebSocketApi = {
  /** Its name in references and URLs. */
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
  /** Clients for which no authorizer is called on this machine, by name. */
  readonly identities: Readonly<Record<string, IdentityDefinition>>;
  /** By name, in the definition's order; at least one. */
  readonly stages: Readonly<Record<string, Stage>>;
  readonly customDomain: ApiCustomDomain | undefined;
  readonly domainName: DomainNameForm;
  /** Disables the host that AWS assigns to the API. Absent otherwise. */
  readonly disableExecuteApiEndpoint?: true | undefined;
  /** On AWS only. Absent for `ipv4`. */
  readonly ipAddressType?: "dualstack";
  /** Additional hosts of the API on this machine. */
  readonly hosts: readonly string[];
};

/** The location of a client's API key. */
export type KeySource = "$request.header.x-api-key" | "$context.authorizer.usageIdentifierKey";

export type Stage = Filled<
  Omit<StageDefinition, "throttle" | "accessLog" | "executionLog">,
  "description" | "detailedMetrics"
> & {
  readonly throttle: StageThrottle | undefined;
  readonly accessLog: StageAccessLog | undefined;
  readonly executionLog: StageExecutionLog | undefined;
};

/** Its file is relative to the definition's directory. */
export type StageAccessLog = Filled<AccessLogDefinition, "file">;

/** Its file is relative to the definition's directory. */
export type StageExecutionLog = Filled<ExecutionLogDefinition, "file">;

/** Limits of a stage, and of routes with their own limits by route key. */
export type StageThrottle = StageThrottleDefinition &
  Required<Pick<StageThrottleDefinition, "routes">>;

export type ApiKey = Filled<ApiKeyDefinition, "value" | "description"> & { readonly name: string };

/** `apiStages` lists every stage. */
export type UsagePlan = Filled<UsagePlanDefinition, "description" | "throttle" | "quota"> & {
  readonly name: string;
};

/** A Lambda authorizer. */
export type Authorizer = Filled<AuthorizerDefinition, "denied"> & { readonly name: string };

/** A function as API Gateway calls it: its name in the definition, and an alias or version. */
export type CalledFunction = { readonly name: string; readonly qualifier: string | undefined };

export type Route = Filled<
  Omit<ProjectRouteDefinition, "function" | "requestParameters">,
  "operationName" | "authorizer" | "modelSelectionExpression"
> &
  Pick<ProjectRouteDefinition, "requestParameters"> & {
    readonly routeKey: string;
    /** Its function as written, if that includes an alias or stage variables. */
    readonly calledAs?: string;
    /** The function by stage in that case. */
    readonly calls?: Readonly<Record<string, CalledFunction>>;
    /** The alias or version that the current stage calls, for a route from `routeAt`. */
    readonly qualifier?: string | undefined;
  };

/** A route with an integration. */
export type IntegratedRoute = Route & {
  readonly integration: Exclude<Route["integration"], { readonly type: "none" }>;
};

/** An integration other than Lambda proxy: the gateway itself creates its request and reads its answer. */
export type CustomIntegration = Exclude<
  Route["integration"],
  { readonly type: "lambda-proxy" | "none" }
>;

/** Its environment includes references to its tables; its code root is `.` for the definition's directory. */
export type LambdaFunction = Filled<
  FunctionDefinition,
  "functionName" | "description" | "aliases" | "code" | "command" | "role" | "permissions" | "build"
> & { readonly name: string };

export type ApiTable = Filled<
  Omit<TableDefinition, "seed">,
  "sortKey" | "timeToLive" | "environmentVariable"
> & {
  readonly logicalName: string;
  /** Files, relative to the definition's directory. Absent without seeds. */
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

/** Its mapping key is empty if the bare domain leads to the API, or if `mappings` has the keys. */
export type ApiCustomDomain = Filled<Omit<CustomDomainDefinition, "mappings">, "certificateArn"> &
  Pick<CustomDomainDefinition, "mappings">;

export type DomainNameForm = "localhost" | "execute-api";

/** The author's own code that runs during a deployment, in this order. Each hook may be async. */
export type DeployHooks = {
  readonly beforeBundle?: BeforeBundle;
  readonly afterBundle?: AfterBundle;
  readonly template?: ChangeTemplate;
};

/** Runs before any code is read, for example to generate some. */
export type BeforeBundle = (about: {
  /** As deployed: with the name of its stack. */
  readonly project: Project;
  /** Directory of the definition. */
  readonly root: string;
}) => void | Promise<void>;

/**
 * Runs for each function after bundling and before zipping. The files that it returns, by path, are added to
 * the zip or replace existing ones; undefined contents remove a file.
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
 * Runs on the template before it is checked. Returns the template to deploy, which may be the given one,
 * modified in place.
 */
export type ChangeTemplate = (
  template: HookTemplate,
  about: { readonly project: Project; readonly root: string; readonly buildId: string },
) => HookTemplate | Promise<HookTemplate>;

/** A CloudFormation template, which the hook may modify. */
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
