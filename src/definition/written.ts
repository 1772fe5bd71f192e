// Made by node scripts/definition-pages.mjs from src/definition/schema.ts; do not edit.
import type { DeployHooks } from "./checked-project.ts";
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
  /** How a message selects its route, for example `$request.body.action`. */ readonly routeSelectionExpression: string;
  /** The stage of the API. */ readonly stage: StageDefinition;
  /** Functions by name; names of letters, digits, `-` and `_`, a letter first, 64 characters at most. 300 at most in an API. */ readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Routes by key: `$connect`, `$disconnect`, `$default` or any key of your own. 1 to 300. */ readonly routes: Readonly<Record<string, RouteDefinition>>;
  /** Tables by name; names as for functions. */ readonly tables?: Readonly<Record<string, TableDefinition>>;
  /** The table where handlers store the ids of open connections. */ readonly connectionTable?: ConnectionTableDefinition;
  /** Lambda authorizers by name; names as for functions, but not `AWS_IAM`. `$connect` selects one with `authorizer`. */ readonly authorizers?: Readonly<Record<string, AuthorizerDefinition>>;
  /** Models by name, of letters and digits only: JSON Schemas of draft 4, 32,768 characters at most. A `$ref` names another model or a part of the same one (`#/definitions/NAME`). */ readonly models?: Readonly<Record<string, ModelSchema>>;
  /** True deploys models with invalid schemas too. API Gateway rejects messages that select an invalid one. Default `false`. */ readonly disableSchemaValidation?: boolean;
  /** Source of a client's API key: the header `x-api-key`, or `usageIdentifierKey` of the authorizer's response (`$context.authorizer.usageIdentifierKey`). Default `$request.header.x-api-key`. */ readonly apiKeySelectionExpression?: "$request.header.x-api-key" | "$context.authorizer.usageIdentifierKey";
  /** API keys by name; names as for functions. A key is valid only if a usage plan contains it. */ readonly apiKeys?: Readonly<Record<string, ApiKeyDefinition>>;
  /** Usage plans by name; names as for functions. */ readonly usagePlans?: Readonly<Record<string, UsagePlanDefinition>>;
  /** Account limits for handshakes, messages and `@connections` calls together, on this machine only. Default: any number. */ readonly accountLimits?: AccountLimitsDefinition;
  /** Mock identities by name, for `wsgw send --as NAME` and tests. wsgw does not call the authorizer for them. With `AWS_IAM` it issues keys that sign as them. On this machine only. */ readonly identities?: Readonly<Record<string, IdentityDefinition>>;
  /** Custom domain name of the API. Events contain it as `domainName`. */ readonly customDomain?: CustomDomainDefinition;
  /** `domainName` in events of clients that use a local URL. `execute-api` is the name that AWS would use: the custom domain, the first of `hosts`, else the host that API Gateway assigns. `localhost` is the local address, which other programs can use; only the first API can have it. Default `execute-api`. */ readonly domainName?:
    | "localhost"
    | "execute-api";
  /** True rejects all requests to the host that API Gateway assigns, so that clients use the custom domain only. Local URLs still work. Default `false`. */ readonly disableExecuteApiEndpoint?: boolean;
  /** On AWS: with `dualstack`, clients can also connect over IPv6. Default `ipv4`. */ readonly ipAddressType?: "ipv4" | "dualstack";
  /** More hosts that mean this API on this machine, such as one hard-coded in handlers: `abc123.execute-api.eu-west-1.amazonaws.com`. */ readonly hosts?: readonly string[];
  /** URLs that answer calls to other AWS services on this machine: `{ s3: "http://localhost:4566" }`. */ readonly endpoints?: Readonly<Record<string, string>>;
  /** URLs where VPC links lead on this machine, by ID, or in a template by logical ID: `{ Link: "http://localhost:8080" }`. Without one, the URI of the integration is called. */ readonly vpcLinks?: Readonly<Record<string, string>>;
  /** esbuild settings for the functions' code, both locally and for AWS. Only for Node. */ readonly esbuild?: EsbuildDefinition;
  /** Your own code that `wsgw deploy` runs. Not in JSON. */ readonly hooks?: DeployHooks;
  /** Settings for AWS only. */ readonly deploy?: DeployDefinition;
  /** Where editors find the JSON Schema of the definition; for JSON. */ readonly $schema?: string;
};

/** A project as its author writes it: several WebSocket APIs that share functions and tables. */
export type ProjectDefinition = {
  /** Name of the project and of its stack: letters, digits and hyphens, a letter first, 128 at most. */ readonly name: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** Region, on this machine and of the stack; `--region` overrides it. Default: that of your environment. */ readonly region?: string;
  /** Account on this machine, 12 digits. Default: `123456789012`. */ readonly accountId?: string;
  /** WebSocket APIs by name, at least one; names as for functions. */ readonly apis: Readonly<Record<string, WebSocketApiDefinition>>;
  /** Functions by name; names of letters, digits, `-` and `_`, a letter first, 64 characters at most. 300 at most in an API. */ readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Tables by name; names as for functions. */ readonly tables?: Readonly<Record<string, TableDefinition>>;
  /** API keys by name; names as for functions. A key is valid only if a usage plan contains it. */ readonly apiKeys?: Readonly<Record<string, ApiKeyDefinition>>;
  /** Usage plans by name; names as for functions. */ readonly usagePlans?: Readonly<Record<string, UsagePlanDefinition>>;
  /** Account limits for handshakes, messages and `@connections` calls together, on this machine only. Default: any number. */ readonly accountLimits?: AccountLimitsDefinition;
  /** URLs that answer calls to other AWS services on this machine: `{ s3: "http://localhost:4566" }`. */ readonly endpoints?: Readonly<Record<string, string>>;
  /** URLs where VPC links lead on this machine, by ID, or in a template by logical ID: `{ Link: "http://localhost:8080" }`. Without one, the URI of the integration is called. */ readonly vpcLinks?: Readonly<Record<string, string>>;
  /** esbuild settings for the functions' code, both locally and for AWS. Only for Node. */ readonly esbuild?: EsbuildDefinition;
  /** Your own code that `wsgw deploy` runs. Not in JSON. */ readonly hooks?: DeployHooks;
  /** Settings for AWS only. */ readonly deploy?: DeployDefinition;
  /** Where editors find the JSON Schema of the definition; for JSON. */ readonly $schema?: string;
};
