// Made by node scripts/definition-pages.mjs from src/definition/schema.ts; do not edit.
import type { DeployHooks } from "./model.ts";
import type { ModelSchema } from "./models.ts";
import type {
  AccountLimitsDefinition,
  ApiKeyDefinition,
  AuthorizerDefinition,
  ConnectionTableDefinition,
  CustomDomainDefinition,
  DeployDefinition,
  EsbuildDefinition,
  FunctionDefinition,
  IdentityDefinition,
  RouteDefinition,
  StageDefinition,
  TableDefinition,
  UsagePlanDefinition,
  WebSocketApiDefinition,
} from "./parts.ts";

/** An API as its author writes it, in `wsgw.config.ts` or another config file: a project of one API with one stage. */
export type ApiDefinition = {
  /** Name of the API and of its stack: letters, digits and hyphens, a letter first, 128 at most. */ readonly name: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** How a message chooses its route, for example `$request.body.action`. */ readonly routeSelectionExpression: string;
  /** The stage of the API. */ readonly stage: StageDefinition;
  /** Functions by name; names of letters, digits, `-` and `_`, a letter first, 64 characters at most. 300 at most in an API. */ readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Routes by key: `$connect`, `$disconnect`, `$default` or any key of your own. 1 to 300. */ readonly routes: Readonly<Record<string, RouteDefinition>>;
  /** Tables by name; names as for functions. */ readonly tables?: Readonly<Record<string, TableDefinition>>;
  /** The table in which handlers keep the ids of the open connections. */ readonly connectionTable?: ConnectionTableDefinition;
  /** Lambda authorizers by name; names as for functions, but not `AWS_IAM`. `$connect` names the one that it asks. */ readonly authorizers?: Readonly<Record<string, AuthorizerDefinition>>;
  /** Models by name, which has letters and digits only: JSON Schemas of draft 4, 32,768 characters at most. A `$ref` names another model, or a part of the same one (`#/definitions/NAME`). */ readonly models?: Readonly<Record<string, ModelSchema>>;
  /** True deploys models whatever their schemas are like. A message that chooses a faulty one is refused. Default `false`. */ readonly disableSchemaValidation?: boolean;
  /** Where the API key of a client is: in the header `x-api-key`, or in `usageIdentifierKey` of what the authorizer answers (`$context.authorizer.usageIdentifierKey`). Default `$request.header.x-api-key`. */ readonly apiKeySelectionExpression?: "$request.header.x-api-key" | "$context.authorizer.usageIdentifierKey";
  /** API keys by name; names as for functions. A key counts where a usage plan has it. */ readonly apiKeys?: Readonly<Record<string, ApiKeyDefinition>>;
  /** Usage plans by name; names as for functions. */ readonly usagePlans?: Readonly<Record<string, UsagePlanDefinition>>;
  /** Limits of the account, on this machine only, for handshakes, messages and calls of `@connections` together. Default: any number. */ readonly accountLimits?: AccountLimitsDefinition;
  /** Mock identities by name, for `wsgw send --as NAME` and tests. wsgw does not call the authorizer for them, or with `AWS_IAM` issues keys that sign as them. They work on this machine only. */ readonly identities?: Readonly<Record<string, IdentityDefinition>>;
  /** Domain name of your own for the API. Events carry it as `domainName`. */ readonly customDomain?: CustomDomainDefinition;
  /** What events carry as `domainName` when a client reaches the API by a name of this machine: the name by which AWS would know the API (its custom domain, the first of `hosts`, else the host that API Gateway gives it), or with `localhost`, which only the first API can have, the address on this machine, which other programs can use as it is. Default `execute-api`. */ readonly domainName?:
    | "localhost"
    | "execute-api";
  /** True refuses everything that comes to the host that API Gateway gives the API, as for clients that are to use the custom domain only. URLs of this machine work all the same. Default `false`. */ readonly disableExecuteApiEndpoint?: boolean;
  /** On AWS: with `dualstack` clients also connect by IPv6. Default `ipv4`. */ readonly ipAddressType?: "ipv4" | "dualstack";
  /** Further hosts that mean the API, and no other, on this machine, such as one that handlers have hard-coded: `abc123.execute-api.eu-west-1.amazonaws.com`. */ readonly hosts?: readonly string[];
  /** Who answers calls of other AWS services on this machine: `{ s3: "http://localhost:4566" }`. */ readonly endpoints?: Readonly<Record<string, string>>;
  /** How esbuild builds the functions' code, on this machine and for AWS alike. Only for Node. */ readonly esbuild?: EsbuildDefinition;
  /** Code of yours that `wsgw deploy` runs on its way. Not in JSON. */ readonly hooks?: DeployHooks;
  /** What only counts on AWS; nothing on this machine changes by it. */ readonly deploy?: DeployDefinition;
  /** Where editors find the JSON Schema of the definition; for JSON. */ readonly $schema?: string;
};

/** A project as its author writes it: several WebSocket APIs that share functions and tables. */
export type ProjectDefinition = {
  /** Name of the project and of its stack: letters, digits and hyphens, a letter first, 128 at most. */ readonly name: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** Region, on this machine and of the stack; `--region` takes its place. Default: that of your environment. */ readonly region?: string;
  /** Account on this machine, 12 digits. Default: `123456789012`. */ readonly accountId?: string;
  /** WebSocket APIs by name, one at least; names as for functions. */ readonly apis: Readonly<Record<string, WebSocketApiDefinition>>;
  /** Functions by name; names of letters, digits, `-` and `_`, a letter first, 64 characters at most. 300 at most in an API. */ readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Tables by name; names as for functions. */ readonly tables?: Readonly<Record<string, TableDefinition>>;
  /** API keys by name; names as for functions. A key counts where a usage plan has it. */ readonly apiKeys?: Readonly<Record<string, ApiKeyDefinition>>;
  /** Usage plans by name; names as for functions. */ readonly usagePlans?: Readonly<Record<string, UsagePlanDefinition>>;
  /** Limits of the account, on this machine only, for handshakes, messages and calls of `@connections` together. Default: any number. */ readonly accountLimits?: AccountLimitsDefinition;
  /** Who answers calls of other AWS services on this machine: `{ s3: "http://localhost:4566" }`. */ readonly endpoints?: Readonly<Record<string, string>>;
  /** How esbuild builds the functions' code, on this machine and for AWS alike. Only for Node. */ readonly esbuild?: EsbuildDefinition;
  /** Code of yours that `wsgw deploy` runs on its way. Not in JSON. */ readonly hooks?: DeployHooks;
  /** What only counts on AWS; nothing on this machine changes by it. */ readonly deploy?: DeployDefinition;
  /** Where editors find the JSON Schema of the definition; for JSON. */ readonly $schema?: string;
};
