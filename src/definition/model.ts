import type {
  Capacity,
  DeletionPolicy,
  IndexDefinition,
  KeyDefinition,
  RoleStatement,
} from "./parts.ts";
import type { Values } from "./references.ts";
import type { Runtime } from "./runtimes.ts";

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
  /** URLs by service. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly hooks: DeployHooks;
  readonly deploy: ApiDeploy;
};

export type WebSocketApi = {
  /** What references and URLs call it. */
  readonly key: string;
  /** Its name on AWS. */
  readonly name: string;
  readonly description: string | undefined;
  readonly routeSelectionExpression: string;
  readonly routes: Readonly<Record<string, Route>>;
  /** By name, in the order of the definition; one at least. */
  readonly stages: Readonly<Record<string, Stage>>;
  readonly customDomain: ApiCustomDomain | undefined;
  readonly domainName: DomainNameForm;
};

export type Stage = {
  readonly name: string;
  readonly description: string | undefined;
  readonly variables: Values;
};

export type Route = {
  readonly routeKey: string;
  readonly integration: Integration;
  readonly operationName: string | undefined;
  readonly routeResponse: boolean;
  /** ms. */
  readonly integrationTimeout: number;
};

/** What answers a route. */
export type Integration = { readonly type: "lambda-proxy"; readonly function: string };

export type LambdaFunction = {
  readonly name: string;
  /** As Lambda is told it, from the code root. */
  readonly handler: string;
  readonly description: string | undefined;
  readonly runtime: Runtime;
  /** The code root, from the folder of the definition; `.` for that folder itself. */
  readonly root: string;
  /** Folder with the code of what is not Node, from the code root. */
  readonly code: string | undefined;
  readonly command: readonly string[] | undefined;
  /** Patterns from the folder of the definition. */
  readonly include: readonly string[];
  /** Patterns from the folder of the code. */
  readonly exclude: readonly string[];
  /** Names of packages. */
  readonly nodeModules: readonly string[];
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** As the author wrote it, with references to its tables filled in. */
  readonly environment: Values;
  /** Folders, relative to that of the definition. */
  readonly layers: readonly string[];
  readonly roleStatements: readonly RoleStatement[];
  /** Name or ARN of a role that the stack does not make. */
  readonly role: string | undefined;
};

export type ApiTable = {
  readonly logicalName: string;
  /** Name of the table on this machine. */
  readonly name: string;
  readonly partitionKey: KeyDefinition;
  readonly sortKey: KeyDefinition | undefined;
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
  readonly capacity: Capacity;
  readonly timeToLive: string | undefined;
  readonly environmentVariable: string | undefined;
  readonly functions: readonly string[];
  /** Files, relative to the folder of the definition. Left out when there are none. */
  readonly seed?: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
};

export type ApiDeploy = {
  readonly autoDeploy: boolean;
  /** Days. */
  readonly logRetention: number;
  readonly logging: ApiLogging | undefined;
  readonly tags: Values;
};

export type ApiLogging = {
  readonly level: "ERROR" | "INFO" | "OFF";
  readonly dataTrace: boolean;
  /** Format of the access log. */
  readonly accessLog: string | undefined;
};

export type ApiCustomDomain = {
  readonly name: string;
  /** Empty where the bare domain leads to the API. */
  readonly mappingKey: string;
  readonly certificateArn: string | undefined;
};

export type DomainNameForm = "localhost" | "execute-api";

/** One API of a project with one of its stages, and all that the project has besides. */
export type Api = {
  readonly name: string;
  readonly description: string | undefined;
  readonly routeSelectionExpression: string;
  readonly stage: Stage;
  readonly functions: Readonly<Record<string, ApiFunction>>;
  readonly routes: Readonly<Record<string, ApiRoute>>;
  /** By logical name; the connection table stands here too, as `connections`. */
  readonly tables: Readonly<Record<string, ApiTable>>;
  readonly customDomain: ApiCustomDomain | undefined;
  readonly domainName: DomainNameForm;
  /** URLs by service. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly hooks: DeployHooks;
  readonly deploy: ApiDeploy;
};

/** A function whose handler, code and command are named from the folder of the definition. */
export type ApiFunction = Omit<LambdaFunction, "root">;

export type ApiRoute = Omit<Route, "integration"> & { readonly function: string };

/** Code of an author's own that runs during a deployment, in this order. Each may be async. */
export type DeployHooks = {
  readonly beforeBundle?: BeforeBundle;
  readonly afterBundle?: AfterBundle;
  readonly template?: ChangeTemplate;
};

/** Runs before any code is read: the place to generate some. */
export type BeforeBundle = (about: {
  readonly api: Api;
  /** Folder of the definition. */
  readonly root: string;
}) => void | Promise<void>;

/**
 * Runs for each function when its code is bundled and not yet zipped. The files that it returns, by
 * path, are added to the zip, in place of those of the same path; undefined as contents takes one out.
 */
export type AfterBundle = (about: {
  readonly api: Api;
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
  about: { readonly api: Api; readonly root: string; readonly buildId: string },
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
