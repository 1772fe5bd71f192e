import type {
  ApiCustomDomain,
  ApiDeploy,
  CustomDomainDefinition,
  DeployDefinition,
} from "./deploy.ts";
import type { ApiFunction, FunctionDefinition } from "./functions.ts";
import type { DeployHooks } from "./hooks.ts";
import type { ApiTable, ConnectionTableDefinition, TableDefinition } from "./tables.ts";

export type * from "./deploy.ts";
export type * from "./functions.ts";
export type { AfterBundle, BeforeBundle, ChangeTemplate, DeployHooks } from "./hooks.ts";
export type { Runtime } from "./runtimes.ts";
export type * from "./tables.ts";

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

export type DomainNameForm = "localhost" | "execute-api";

export type StageDefinition = {
  /** Letters, digits, `_` and `-`, at most 128 characters. */
  readonly name: string;
  readonly description?: string;
  /** Handed to every event as `stageVariables`. */
  readonly variables?: Readonly<Record<string, string>>;
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

export type ApiRoute = {
  readonly routeKey: string;
  readonly function: string;
  readonly operationName: string | undefined;
  readonly routeResponse: boolean;
  /** ms. */
  readonly integrationTimeout: number;
};

/**
 * Types an API definition in a config file: `export default defineApi({ … })`. It checks nothing by
 * itself; `startEmulator()` and every command check the whole definition and report all faults at once.
 */
export function defineApi(definition: ApiDefinition): ApiDefinition {
  return definition;
}
