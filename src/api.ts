import type { DeployHooks } from "./api/hooks.ts";
import type { Runtime } from "./api/runtimes.ts";

export type { AfterBundle, BeforeBundle, ChangeTemplate, DeployHooks } from "./api/hooks.ts";
export type { Runtime } from "./api/runtimes.ts";

/**
 * An API as its author writes it, in `wsgw.config.ts` or another config file. The emulator, the
 * test harness and the CloudFormation synthesiser all read the same value.
 */
export type ApiDefinition = {
  /** Name of the API and of its stack. Letters, digits and hyphens; starts with a letter. */
  readonly name: string;
  readonly description?: string;
  /** For example `$request.body.action`. */
  readonly routeSelectionExpression: string;
  readonly stage: StageDefinition;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** By route key: `$connect`, `$disconnect`, `$default` or any key of your own. */
  readonly routes: Readonly<Record<string, RouteDefinition>>;
  readonly tables?: Readonly<Record<string, TableDefinition>>;
  readonly connectionTable?: ConnectionTableDefinition;
  /** Domain name of your own for the API. Events carry it as `domainName`. */
  readonly customDomain?: CustomDomainDefinition;
  /**
   * What events carry as `domainName` without a custom domain: the address on this machine (default),
   * which other programs can use as it is, or the host that API Gateway would give the API.
   */
  readonly domainName?: DomainNameForm;
  /** Who answers calls of other AWS services on this machine: `{ s3: "http://localhost:4566" }`. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** Code of yours that `wsgw deploy` runs on its way. Not in a JSON file. */
  readonly hooks?: DeployHooks;
  /** What only counts on AWS; nothing on this machine changes by it. */
  readonly deploy?: DeployDefinition;
};

/** How the stack is made. */
export type DeployDefinition = {
  /** Every change of the API goes live by itself, in place of a deployment that is made for it. Default false. */
  readonly autoDeploy?: boolean;
  /** Days that CloudWatch keeps logs; one of the numbers that it takes. Default 30. */
  readonly logRetention?: number;
  /** What API Gateway itself logs. Needs the account's CloudWatch role for API Gateway. Default: nothing. */
  readonly logging?: LoggingDefinition;
  /** Tags of the stack, which CloudFormation hands on to all that is in it. */
  readonly tags?: Readonly<Record<string, string>>;
};

export type LoggingDefinition = {
  /** Execution logs: errors only, or all. */
  readonly level?: "ERROR" | "INFO";
  /** Messages and headers in full in the execution logs. Default false. */
  readonly dataTrace?: boolean;
  /** Access log: true for JSON lines with the usual fields, or a format of `$context` variables. */
  readonly accessLog?: boolean | string;
};

export type CustomDomainDefinition = {
  /** Such as `chat.example.com`. */
  readonly name: string;
  /** The path that leads to the API; default: none, the bare domain does. */
  readonly mappingKey?: string;
  /** Certificate in the API's region. With it the stack owns the domain; else the domain must be in the account. */
  readonly certificateArn?: string;
};

export type DomainNameForm = "localhost" | "execute-api";

export type StageDefinition = {
  /** Letters, digits, `_` and `-`, at most 128 characters. */
  readonly name: string;
  readonly description?: string;
  /** Handed to every event as `stageVariables`. */
  readonly variables?: Readonly<Record<string, string>>;
};

export type FunctionDefinition = {
  /**
   * `path.export`, relative to the folder of the definition: `src/handlers/connect.handler`. Python
   * and executables name theirs as on Lambda.
   */
  readonly handler: string;
  readonly description?: string;
  /** Default `nodejs24.x`. Locally the handler runs on the Node that runs wsgw. */
  readonly runtime?: Runtime;
  /** Folder with the code, relative to that of the definition. Not for Node. */
  readonly code?: string;
  /** Program that speaks the Lambda Runtime API, with its arguments; runs in the folder of the code. */
  readonly command?: readonly string[];
  /**
   * Files that the code reads while it runs, as patterns from the folder of the definition: `data/*.json`.
   * They are deployed at the same places. Only for Node.
   */
  readonly include?: readonly string[];
  /** Files of the folder of the code that are not deployed, as patterns from that folder. Not for Node. */
  readonly exclude?: readonly string[];
  /** Packages that are deployed as they are installed instead of bundled. Only for Node. */
  readonly nodeModules?: readonly string[];
  /** MB, 128 to 10,240. Default 128. */
  readonly memory?: number;
  /** Seconds, 1 to 900. Default 3. */
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Folders whose contents Lambda lays into `/opt`, in this order, relative to that of the definition:
   * `nodejs/node_modules`, `python`, `bin`, `lib` and whatever else. Five at most.
   */
  readonly layers?: readonly string[];
  /** Statements added to the function's role. */
  readonly roleStatements?: readonly RoleStatement[];
  /** Name or ARN of a role that exists already. Default: the stack makes one with the least permissions. */
  readonly role?: string;
};

/** One statement of an IAM policy, in IAM's own words. */
export type RoleStatement = {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};

export type RouteDefinition = {
  /** Key of `functions`. */
  readonly function: string;
  readonly operationName?: string;
  /** True makes the route two-way: the handler's `body` is sent back to the client. */
  readonly routeResponse?: boolean;
  /** How long API Gateway waits for the function, in ms, 50 to 29,000. Default 29,000. */
  readonly integrationTimeout?: number;
};

/** Capacity in units per second, or billed by request. */
export type Capacity = "on-demand" | { readonly read: number; readonly write: number };

export type KeyDefinition = { readonly name: string; readonly type: "S" | "N" | "B" };

export type TableDefinition = {
  /** Name of the table here. On AWS CloudFormation makes one from the stack's name. */
  readonly name?: string;
  readonly partitionKey: KeyDefinition;
  readonly sortKey?: KeyDefinition;
  readonly indexes?: Readonly<Record<string, IndexDefinition>>;
  /** Default `on-demand`. */
  readonly capacity?: Capacity;
  /** Attribute that holds the epoch second at which DynamoDB may delete the item. */
  readonly timeToLive?: string;
  /** Environment variable that gives functions the table's name. */
  readonly environmentVariable?: string;
  /** Functions that may use the table. Default: all. */
  readonly functions?: readonly string[];
  /** JSON file or files with the items that the table has when it is made on this machine; AWS gets none. */
  readonly seed?: string | readonly string[];
  /** Default `Retain`. */
  readonly deletionPolicy?: DeletionPolicy;
};

/** What becomes of a table with all that is in it when the stack no longer has it. */
export type DeletionPolicy = "Delete" | "Retain";

/** A global secondary index. All attributes are projected. */
export type IndexDefinition = {
  readonly partitionKey: KeyDefinition;
  readonly sortKey?: KeyDefinition;
};

/** The table in which handlers keep the ids of the open connections. */
export type ConnectionTableDefinition = {
  /** Environment variable that gives functions the table's name. */
  readonly environmentVariable: string;
  /** Name of the key attribute; a string that holds the connection id. */
  readonly attribute: string;
  /** Default: 5 read and 5 write units. */
  readonly capacity?: Capacity;
  /** Functions that may use the table. Default: all. */
  readonly functions?: readonly string[];
  /** Default `Delete`, for connections end anyway. */
  readonly deletionPolicy?: DeletionPolicy;
};

/** A checked definition with every default filled in: what the rest of wsgw reads. */
export type Api = {
  readonly name: string;
  readonly description: string | undefined;
  readonly routeSelectionExpression: string;
  readonly stage: {
    readonly name: string;
    readonly description: string | undefined;
    readonly variables: Readonly<Record<string, string>>;
  };
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

export type ApiDeploy = {
  readonly autoDeploy: boolean;
  /** Days. */
  readonly logRetention: number;
  readonly logging: ApiLogging | undefined;
  readonly tags: Readonly<Record<string, string>>;
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

export type ApiFunction = {
  readonly name: string;
  readonly handler: string;
  readonly description: string | undefined;
  readonly runtime: Runtime;
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
  /** As the author wrote it, with the names of its tables filled in. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders, relative to that of the definition. */
  readonly layers: readonly string[];
  readonly roleStatements: readonly RoleStatement[];
  /** Name or ARN of a role that the stack does not make. */
  readonly role: string | undefined;
};

export type ApiRoute = {
  readonly routeKey: string;
  readonly function: string;
  readonly operationName: string | undefined;
  readonly routeResponse: boolean;
  /** ms. */
  readonly integrationTimeout: number;
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

/**
 * Types an API definition in a config file: `export default defineApi({ … })`. It checks nothing by
 * itself; `startEmulator()` and every command check the whole definition and report all faults at once.
 */
export function defineApi(definition: ApiDefinition): ApiDefinition {
  return definition;
}
