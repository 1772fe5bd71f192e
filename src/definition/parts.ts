// Made by node scripts/definition-pages.mjs from src/definition/schema.ts; do not edit.
import type { Plugin } from "esbuild";
import type { ModelSchema } from "./models.ts";
import type { Value } from "./references.ts";
import type { Runtime } from "./runtimes.ts";

/** One WebSocket API of a project. */
export type WebSocketApiDefinition = {
  /** Name of the API on AWS, 1 to 128 characters. Default: the project's name, `-`, and the API's name here. */ readonly name?: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** Source of a client's API key: the header `x-api-key`, or `usageIdentifierKey` of the authorizer's response (`$context.authorizer.usageIdentifierKey`). Default `$request.header.x-api-key`. */ readonly apiKeySelectionExpression?: "$request.header.x-api-key" | "$context.authorizer.usageIdentifierKey";
  /** Lambda authorizers by name; names as for functions, but not `AWS_IAM`. `$connect` selects one with `authorizer`. */ readonly authorizers?: Readonly<Record<string, AuthorizerDefinition>>;
  /** Models by name, of letters and digits only: JSON Schemas of draft 4, 32,768 characters at most. A `$ref` names another model or a part of the same one (`#/definitions/NAME`). */ readonly models?: Readonly<Record<string, ModelSchema>>;
  /** True deploys models with invalid schemas too. API Gateway rejects messages that select an invalid one. Default `false`. */ readonly disableSchemaValidation?: boolean;
  /** How a message selects its route, for example `$request.body.action`. */ readonly routeSelectionExpression: string;
  /** Mock identities by name, for `wsgw send --as NAME` and tests. wsgw does not call the authorizer for them. With `AWS_IAM` it issues keys that sign as them. On this machine only. */ readonly identities?: Readonly<Record<string, IdentityDefinition>>;
  /** Custom domain name of the API. Events contain it as `domainName`. */ readonly customDomain?: CustomDomainDefinition;
  /** `domainName` in events of clients that use a local URL. `execute-api` is the name that AWS would use: the custom domain, the first of `hosts`, else the host that API Gateway assigns. `localhost` is the local address, which other programs can use; only the first API can have it. Default `execute-api`. */ readonly domainName?:
    | "localhost"
    | "execute-api";
  /** True rejects all requests to the host that API Gateway assigns, so that clients use the custom domain only. Local URLs still work. Default `false`. */ readonly disableExecuteApiEndpoint?: boolean;
  /** On AWS: with `dualstack`, clients can also connect over IPv6. Default `ipv4`. */ readonly ipAddressType?: "ipv4" | "dualstack";
  /** More hosts that mean this API on this machine, such as one hard-coded in handlers: `abc123.execute-api.eu-west-1.amazonaws.com`. */ readonly hosts?: readonly string[];
  /** Stages by name, at least one. Every stage URL reaches the connections of the API. */ readonly stages: Readonly<Record<string, ProjectStageDefinition>>;
  /** Routes by key: `$connect`, `$disconnect`, `$default` or any key of your own. 1 to 300. */ readonly routes: Readonly<Record<string, ProjectRouteDefinition>>;
};

/** The access log of a stage. */
export type AccessLogDefinition = {
  /** One line with `$context` variables, one of them `$context.requestId` or `$context.extendedRequestId`. Default: JSON with the usual fields. */ readonly format?: string;
  /** File for the lines on this machine, relative to the definition's directory. */ readonly file?: string;
};

/** The execution log of a stage. */
export type ExecutionLogDefinition = {
  /** `ERROR` logs what fails, `INFO` every request. Default `OFF`. */ readonly level?: "OFF" | "ERROR" | "INFO";
  /** With `INFO`: messages, requests and answers of integrations too. Default `false`. */ readonly dataTrace?: boolean;
  /** File for the lines on this machine, relative to the definition's directory. */ readonly file?: string;
  /** Settings by route key. They override the stage's. */ readonly routes?: Readonly<Record<string, RouteExecutionLogDefinition>>;
};

/** What a route writes to the execution log of its stage. */
export type RouteExecutionLogDefinition = {
  /** `ERROR` logs what fails, `INFO` every request. */ readonly level?: "OFF" | "ERROR" | "INFO";
  /** With `INFO`: messages, requests and answers of integrations too. */ readonly dataTrace?: boolean;
};

/** The stage of an API that is a project by itself. */
export type StageDefinition = {
  /** Letters, digits, `_` and `-`, 128 characters at most. The first part of the URL's path. */ readonly name: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** Contained in every event as `stageVariables`: strings of 1 to 2048 letters, digits and `-._~:/?#&=,`, or references. Names of letters, digits and `_`. */ readonly variables?: Readonly<Record<string, Value>>;
  /** Limits for handshakes and messages of the stage. Default: any number. */ readonly throttle?: StageThrottleDefinition;
  /** One log line per request, both locally and on AWS. On AWS it replaces `deploy.logging.accessLog`. Default: none locally. */ readonly accessLog?: AccessLogDefinition;
  /** How API Gateway handles each request, both locally and on AWS. On AWS it replaces `level` and `dataTrace` of `deploy.logging`. Default: none locally. */ readonly executionLog?: ExecutionLogDefinition;
  /** True counts each route in metrics of its own too. Default `false`. */ readonly detailedMetrics?: boolean;
};

/** A stage of one of a project's APIs. */
export type ProjectStageDefinition = {
  /** 1024 characters at most. */ readonly description?: string;
  /** Contained in every event as `stageVariables`: strings of 1 to 2048 letters, digits and `-._~:/?#&=,`, or references. Names of letters, digits and `_`. */ readonly variables?: Readonly<Record<string, Value>>;
  /** Limits for handshakes and messages of the stage. Default: any number. */ readonly throttle?: StageThrottleDefinition;
  /** One log line per request, both locally and on AWS. On AWS it replaces `deploy.logging.accessLog`. Default: none locally. */ readonly accessLog?: AccessLogDefinition;
  /** How API Gateway handles each request, both locally and on AWS. On AWS it replaces `level` and `dataTrace` of `deploy.logging`. Default: none locally. */ readonly executionLog?: ExecutionLogDefinition;
  /** True counts each route in metrics of its own too. Default `false`. */ readonly detailedMetrics?: boolean;
};

/** A route of an API that is a project by itself; it has either `function` or `integration`. */
export type RouteDefinition = {
  /** A name in `authorizers`, or `AWS_IAM`: clients sign the handshake with AWS keys. Only `$connect` can have one. */ readonly authorizer?: string;
  /** True accepts only clients with an API key of a usage plan. Only `$connect` can have it. Default `false`. */ readonly apiKeyRequired?: boolean;
  /** 1 to 64 characters. */ readonly operationName?: string;
  /** True makes the route two-way: the client gets the handler's `body`. Default `false`. */ readonly routeResponse?: boolean;
  /** How long API Gateway waits for the integration, in ms, 50 to 29,000. The function continues after that. Default `29000`. */ readonly integrationTimeout?: number;
  /** How a message selects a key of `requestModels`: as for routes, such as `$request.body.type`, or a fixed string such as `$default`. With it, every message must match its model. */ readonly modelSelectionExpression?: string;
  /** Names in `models`, by the result of the expression; `$default` is for all others. API Gateway rejects messages that have no model. */ readonly requestModels?: Readonly<Record<string, string>>;
  /** Parameters that the integration's `requestParameters` use, by `route.request.header.NAME` or `route.request.querystring.NAME`. Only `$connect` can have them. */ readonly requestParameters?: Readonly<
    Record<
      string,
      {
        /** True rejects handshakes without it, with 400. Default `false`. */ readonly required?: boolean;
      }
    >
  >;
} & (
  | {
      /** A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`); short for an integration of the type `lambda-proxy`. */ readonly function: string;
      /** The integration of the route, instead of `function`. */ readonly integration?: IntegrationDefinition;
    }
  | {
      /** A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`); short for an integration of the type `lambda-proxy`. */ readonly function?: string;
      /** The integration of the route, instead of `function`. */ readonly integration: IntegrationDefinition;
    }
);

/** A route of one of a project's APIs; it has either `function` or `integration`. */
export type ProjectRouteDefinition = {
  /** A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`); short for an integration of the type `lambda-proxy`. */ readonly function?: string;
  /** The integration of the route, instead of `function`. */ readonly integration?: IntegrationDefinition;
  /** A name in `authorizers`, or `AWS_IAM`: clients sign the handshake with AWS keys. Only `$connect` can have one. */ readonly authorizer?: string;
  /** True accepts only clients with an API key of a usage plan. Only `$connect` can have it. Default `false`. */ readonly apiKeyRequired?: boolean;
  /** 1 to 64 characters. */ readonly operationName?: string;
  /** True makes the route two-way: the client gets the handler's `body`. Default `false`. */ readonly routeResponse?: boolean;
  /** How long API Gateway waits for the integration, in ms, 50 to 29,000. The function continues after that. Default `29000`. */ readonly integrationTimeout?: number;
  /** How a message selects a key of `requestModels`: as for routes, such as `$request.body.type`, or a fixed string such as `$default`. With it, every message must match its model. */ readonly modelSelectionExpression?: string;
  /** Names in `models`, by the result of the expression; `$default` is for all others. API Gateway rejects messages that have no model. */ readonly requestModels?: Readonly<Record<string, string>>;
  /** Parameters that the integration's `requestParameters` use, by `route.request.header.NAME` or `route.request.querystring.NAME`. Only `$connect` can have them. */ readonly requestParameters?: Readonly<
    Record<
      string,
      {
        /** True rejects handshakes without it, with 400. Default `false`. */ readonly required?: boolean;
      }
    >
  >;
};

/** A Lambda authorizer, which decides who may connect. */
export type AuthorizerDefinition = {
  /** A name in `functions`: the function that decides who may connect. */ readonly function: string;
  /** What a handshake must have before API Gateway calls the function: `route.request.header.NAME`, `route.request.querystring.NAME`, `stageVariables.NAME` or `context.NAME`. If one is missing, the answer is 401. */ readonly identitySource?: readonly string[];
  /** Why the template does not let API Gateway invoke the function. Calls then fail with `Internal server error`. */ readonly denied?: string;
};

/** Limits by a token bucket. */
export type ThrottleDefinition = {
  /** Average requests per second; with 0, all requests are rejected once the burst is used up. Default: the account's 10,000. */ readonly rateLimit?: number;
  /** Requests at once; 0 rejects all. Default: the account's 5,000. */ readonly burstLimit?: number;
};

/** Limits of a stage and of its routes. */
export type StageThrottleDefinition = {
  /** Average requests per second; with 0, all requests are rejected once the burst is used up. Default: the account's 10,000. */ readonly rateLimit?: number;
  /** Requests at once; 0 rejects all. Default: the account's 5,000. */ readonly burstLimit?: number;
  /** Limits by route key. They override the stage's limits. */ readonly routes?: Readonly<Record<string, ThrottleDefinition>>;
};

/** An API key. */
export type ApiKeyDefinition = {
  /** 20 characters or more. Default: generated: on this machine the same at every start, on AWS another one. */ readonly value?: string;
  /** False rejects clients that send it. Default `true`. */ readonly enabled?: boolean;
  /** 1024 characters at most. */ readonly description?: string;
};

/** Which API keys are good for which stages, and how often. */
export type UsagePlanDefinition = {
  /** 1024 characters at most. */ readonly description?: string;
  /** Names in `apiKeys`: the keys of the plan. */ readonly apiKeys?: readonly string[];
  /** The stages that the keys are valid for. Default: all stages of all APIs. */ readonly apiStages?: readonly {
    /** The API, by its name in the project. */ readonly api: string;
    /** One of its stages. */ readonly stage: string;
  }[];
  /** Handshakes allowed per key. Default: any number. */ readonly throttle?: ThrottleDefinition;
  /** Handshakes allowed per key and period. Default: any number. */ readonly quota?: {
    /** Handshakes in each period. */ readonly limit: number;
    /** `DAY`, `WEEK` or `MONTH`, in UTC; weeks begin on Sunday. */ readonly period: "DAY" | "WEEK" | "MONTH";
  };
};

/** Limits of an account, on this machine only. */
export type AccountLimitsDefinition = {
  /** Average requests per second; with 0, all requests are rejected once the burst is used up. Default: the account's 10,000. */ readonly rateLimit?: number;
  /** Requests at once; 0 rejects all. Default: the account's 5,000. */ readonly burstLimit?: number;
  /** Handshakes per second; 500 on AWS unless raised. Default: any number. */ readonly newConnectionsPerSecond?: number;
};

/** A client as an authorizer or IAM would know it. */
export type IdentityDefinition = {
  /** `principalId` in the events of its connection: a string, number, true or false. */ readonly principalId?: string | number | boolean;
  /** Other values of `requestContext.authorizer`: strings, numbers, true or false. They become strings. */ readonly context?: Readonly<Record<string, string | number | boolean>>;
  /** With `AWS_IAM` on `$connect`: the client's values in `requestContext.identity`, such as Cognito's ids. Default: an IAM user with the name of the identity. */ readonly identity?: SignerDefinition;
  /** Lifetime of keys that the gateway issues for it, in seconds, 129,600 at most. Default: as long as the gateway runs. */ readonly durationSeconds?: number;
  /** With `AWS_IAM` on `$connect`: what the identity's policies allow, such as `execute-api:Invoke`. Default: everything. */ readonly statements?: readonly RoleStatement[];
  /** Value of the client's API key, if the API gets keys from the authorizer. */ readonly usageIdentifierKey?: string;
};

/** Who signed a handshake, as `requestContext.identity` has it. */
export type SignerDefinition = {
  /** Account of the signer. Default: that of the API. */ readonly accountId?: string;
  /** Id of the user or of the role's session. Default: derived from `userArn`. */ readonly caller?: string;
  /** Id of the key. Default: the key that the client signs with. */ readonly accessKey?: string;
  /** Such as `cognito-idp.eu-west-1.amazonaws.com/POOL,cognito-idp.eu-west-1.amazonaws.com/POOL:CognitoSignIn:SUB`. */ readonly cognitoAuthenticationProvider?: string;
  /** `authenticated` or `unauthenticated`. */ readonly cognitoAuthenticationType?: string;
  /** Such as `eu-west-1:1a2b…`. */ readonly cognitoIdentityId?: string;
  /** Such as `eu-west-1:3c4d…`. */ readonly cognitoIdentityPoolId?: string;
  /** ARN of the user or of the role's session. Default: that of an IAM user with the name of the identity. */ readonly userArn?: string;
  /** Id of the user. Default: the same as `caller`. */ readonly user?: string;
};

/** What answers a route. */
export type IntegrationDefinition =
  | {
      /** `lambda-proxy`: the function gets the whole event. */ readonly type: "lambda-proxy";
      /** A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`). */ readonly function: string;
      /** Why the template does not let API Gateway invoke the function. Calls then fail with `Internal server error`. */ readonly denied?: string;
      /** The same as `denied`, by stage, where API Gateway may invoke the function for other stages. */ readonly deniedAt?: Readonly<Record<string, string>>;
      /** Why a stage has no function to call, by stage, as a template says. */ readonly missingAt?: Readonly<Record<string, string>>;
    }
  | {
      /** `lambda`: the function gets the result of the request template. */ readonly type: "lambda";
      /** A name in `functions`, also with an alias (`send:live`) or stage variables (`${stageVariables.fn}:live`). */ readonly function: string;
      /** Why the template does not let API Gateway invoke the function. Calls then fail with `Internal server error`. */ readonly denied?: string;
      /** The same as `denied`, by stage, where API Gateway may invoke the function for other stages. */ readonly deniedAt?: Readonly<Record<string, string>>;
      /** Why a stage has no function to call, by stage, as a template says. */ readonly missingAt?: Readonly<Record<string, string>>;
      /** Parameters of the request, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
      /** Request templates by key, in VTL. Default: the message is passed through unchanged. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`. Without a match, it chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that matches no template passes through unchanged. Otherwise API Gateway rejects it with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` decodes the message from base64; `CONVERT_TO_TEXT` encodes it. Default: unchanged. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`. For a failed function, the pattern matches its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `http`: any URL, with a body from the request template. */ readonly type: "http";
      /** URL of the backend. `{name}` is `integration.request.path.name`, and `${stageVariables.name}` a stage variable. */ readonly uri: Value;
      /** Method of the request. Default `POST`. */ readonly method?: "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";
      /** ID of the VPC link of a private integration, or `${stageVariables.NAME}`. `uri` has the host that the backend sees. On this machine, `vpcLinks` says where it leads. */ readonly vpcLink?: string;
      /** Parameters of the request, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
      /** Request templates by key, in VTL. Default: the message is passed through unchanged. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`. Without a match, it chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that matches no template passes through unchanged. Otherwise API Gateway rejects it with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` decodes the message from base64; `CONVERT_TO_TEXT` encodes it. Default: unchanged. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`. For a failed function, the pattern matches its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `http-proxy`: any URL, with the message as its body. */ readonly type: "http-proxy";
      /** URL of the backend. `{name}` is `integration.request.path.name`, and `${stageVariables.name}` a stage variable. */ readonly uri: Value;
      /** Method of the request. Default `POST`. */ readonly method?: "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";
      /** ID of the VPC link of a private integration, or `${stageVariables.NAME}`. `uri` has the host that the backend sees. On this machine, `vpcLinks` says where it leads. */ readonly vpcLink?: string;
      /** Parameters of the request, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
    }
  | {
      /** `aws`: an action of an AWS service. DynamoDB means the project's own tables; for other services, see `endpoints`. */ readonly type: "aws";
      /** `arn:aws:apigateway:REGION:SERVICE:action/ACTION` or `…:SERVICE:path/PATH`. */ readonly uri: Value;
      /** Method of the request. Default `POST`. */ readonly method?: "DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT";
      /** ARN of an existing role with which API Gateway calls the service. Default: the stack creates one from `roleStatements`. */ readonly credentials?: string;
      /** What the role that the stack creates for the integration allows. */ readonly roleStatements?: readonly RoleStatement[];
      /** What the role of `credentials` allows. On this machine only. Set by templates. */ readonly permissions?: PermissionsDefinition;
      /** Why the template does not let API Gateway call the service. Calls then fail with `Internal server error`. */ readonly denied?: string;
      /** Parameters of the request, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
      /** Request templates by key, in VTL. Default: the message is passed through unchanged. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`. Without a match, it chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that matches no template passes through unchanged. Otherwise API Gateway rejects it with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` decodes the message from base64; `CONVERT_TO_TEXT` encodes it. Default: unchanged. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`. For a failed function, the pattern matches its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `mock`: API Gateway calls nothing; the templates create the response. */ readonly type: "mock";
      /** Request templates by key, in VTL. Default: the message is passed through unchanged. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`. Without a match, it chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that matches no template passes through unchanged. Otherwise API Gateway rejects it with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` decodes the message from base64; `CONVERT_TO_TEXT` encodes it. Default: unchanged. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`. For a failed function, the pattern matches its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `none`: the route has no integration. Connections are accepted, and messages get `Internal server error`. */ readonly type: "none";
      /** Why the route has no integration. The log shows it when a message comes. */ readonly because?: string;
    };

/** What becomes of the answer of an integration. */
export type IntegrationResponseDefinition = {
  /** Response templates by key, in VTL. Default: the response is passed through unchanged. */ readonly templates?: Readonly<Record<string, Value>>;
  /** Chooses the template, such as `${integration.response.statuscode}` or `\$default`. */ readonly templateSelectionExpression?: string;
  /** `CONVERT_TO_TEXT` writes bytes in base64, `CONVERT_TO_BINARY` reads base64. Default: unchanged. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
};

/** A Lambda function. */
export type FunctionDefinition = {
  /** `path.export` as on Lambda, relative to the definition's directory: `src/handlers/connect.handler`. A handler in a layer begins with `/opt/`. Python and executables use Lambda's format. 128 characters at most, without `..`. */ readonly handler: string;
  /** 256 characters at most. */ readonly description?: string;
  /** Locally, handlers run on the Node that runs wsgw, or on this machine's Python. Default `nodejs24.x`. */ readonly runtime?: Runtime;
  /** Code root, relative to the definition's directory. `handler`, `code` and `include` are relative to it, and the code runs in it; `/var/task` on AWS. Default: that directory. */ readonly root?: string;
  /** Directory with the code. Default: the code root. Not for Node. */ readonly code?: string;
  /** A program that uses the Lambda Runtime API, and its arguments. It runs in the code directory. */ readonly command?: readonly string[];
  /** Files that the code reads at run time, as patterns relative to the definition's directory: `data/*.json`. They are deployed under the same paths. Only for Node. */ readonly include?: readonly string[];
  /** Files of the code directory that are not deployed, as patterns relative to it. Not for Node. */ readonly exclude?: readonly string[];
  /** Packages that are deployed as installed, not bundled. Only for Node. */ readonly nodeModules?: readonly string[];
  /** esbuild settings for this function, in addition to the project's `esbuild`. Only for Node. SAM's `BuildProperties` become `build`. */ readonly build?: FunctionBuildDefinition;
  /** MB, 128 to 10,240. Default `128`. */ readonly memory?: number;
  /** Seconds, 1 to 900. Default `3`. */ readonly timeout?: number;
  /** Environment variables: strings or references. 4096 bytes as JSON at most, including the names of tables. */ readonly environment?: Readonly<Record<string, Value>>;
  /** Aliases by which routes may name it, as `send:live`. On AWS each points to `$LATEST`. Default: none. */ readonly aliases?: readonly string[];
  /** Directories that Lambda extracts to `/opt`, in this order, relative to the definition's directory. They contain `nodejs/node_modules`, `python`, `bin`, `lib` or other files. Five at most. */ readonly layers?: readonly string[];
  /** Statements added to the function's role. */ readonly roleStatements?: readonly RoleStatement[];
  /** Name on AWS, used to invoke it; letters, digits, `-` and `_`, 64 at most. Default: its name in `functions` locally; on AWS, CloudFormation generates one from the stack's name. */ readonly functionName?: string;
  /** Name or ARN of an existing role; not with `roleStatements`. Default: the stack creates one with the least permissions. */ readonly role?: string;
  /** What its role allows, if this definition does not create the role. On this machine only. Set by templates. */ readonly permissions?: PermissionsDefinition;
};

/** What a role allows that is not made from the definition. */
export type PermissionsDefinition = {
  /** Name of the role. Default: the name of the function. */ readonly roleName?: string;
  /** Policy documents of IAM, by the name of the policy. */ readonly policies?: Readonly<Record<string, unknown>>;
  /** ARNs of policies that AWS manages. */ readonly managedPolicies?: readonly string[];
  /** Services whose resources have their own policies, such as `sqs`. These may allow more, so wsgw does not check calls to them. */ readonly ownPolicies?: readonly string[];
  /** Values in the policies that only AWS knows; here they are placeholders. wsgw does not check calls that a statement with one of them may allow. */ readonly onlyOnAws?: readonly string[];
  /** Why the role is not completely known. wsgw then rejects no calls of its function. Completes a sentence. */ readonly unknown?: string;
};

/** One statement of an IAM policy, in IAM's own words. */
export type RoleStatement = {
  /** A name of letters and digits. */ readonly Sid?: string;
  /** `Allow` or `Deny`. */ readonly Effect: "Allow" | "Deny";
  /** An action such as `"s3:GetObject"`, or an array of actions. */ readonly Action: string | readonly string[];
  /** An ARN or a reference, an array of these, or an intrinsic function of CloudFormation. */ readonly Resource: unknown;
  /** A condition in IAM's syntax. Its values may be references. */ readonly Condition?: unknown;
};

/** A DynamoDB table. */
export type TableDefinition = {
  /** Name of the table here, 3 to 255 letters, digits and `_.-`. Default: the project's name, `-`, and the table's name here. On AWS, CloudFormation generates one from the stack's name. */ readonly name?: string;
  /** Partition key. */ readonly partitionKey: KeyDefinition;
  /** Sort key; another attribute than the partition key. */ readonly sortKey?: KeyDefinition;
  /** Secondary indexes by name. */ readonly indexes?: Readonly<Record<string, IndexDefinition>>;
  /** Billed by request, or units per second: `{ read: 5, write: 5 }`. Default `on-demand`. */ readonly capacity?: Capacity;
  /** Attribute that holds the epoch second at which DynamoDB may delete the item. */ readonly timeToLive?: string;
  /** Environment variable for the table's name. */ readonly environmentVariable?: string;
  /** Functions that may use the table. Default: all functions. */ readonly functions?: readonly string[];
  /** JSON file or files with the initial items of the table, in or below the definition's directory. On this machine only. */ readonly seed?: string | readonly string[];
  /** What happens to the table and its items when the stack no longer contains it: `Delete` or `Retain`. Default `Retain`. */ readonly deletionPolicy?: DeletionPolicy;
};

/** A key of a table or index. */
export type KeyDefinition = {
  /** Name of the attribute, 1 to 255 characters. */ readonly name: string;
  /** `"S"` (string), `"N"` (number) or `"B"` (binary). */ readonly type: "S" | "N" | "B";
};

/** A global secondary index. All attributes are projected. */
export type IndexDefinition = {
  /** Partition key of the index. */ readonly partitionKey: KeyDefinition;
  /** Sort key of the index. */ readonly sortKey?: KeyDefinition;
  /** `local`: with the partition key of the table. Default `global`. */ readonly scope?: "global" | "local";
  /** Which attributes the index contains: all, the keys only, or the keys and those in an array. Default `ALL`. */ readonly projection?: "ALL" | "KEYS_ONLY" | readonly string[];
};

/** Capacity in units per second, or billed by request. */
export type Capacity =
  | "on-demand"
  | {
      /** Units per second. */ readonly read: number;
      /** Units per second. */ readonly write: number;
    };

/** The table in which handlers keep the ids of the open connections. */
export type ConnectionTableDefinition = {
  /** Environment variable for the table's name. */ readonly environmentVariable: string;
  /** Name of the key attribute, 1 to 255 characters. It holds the connection id, a string. */ readonly attribute: string;
  /** Billed by request, or units per second: `{ read: 5, write: 5 }`. */ readonly capacity?: Capacity;
  /** Functions that may use the table. Default: all functions. */ readonly functions?: readonly string[];
  /** `Delete` or `Retain`; the connections end in any case. Default `Delete`. */ readonly deletionPolicy?: DeletionPolicy;
};

/** What becomes of a table, with all that is in it, when the stack no longer has it. */
export type DeletionPolicy = "Delete" | "Retain";

/** A domain name of your own for an API. */
export type CustomDomainDefinition = {
  /** Such as `chat.example.com`. */ readonly name: string;
  /** Path of the API, of letters, digits and `$-_.+!*'()`, 300 characters at most. Default: none, for the bare domain. */ readonly mappingKey?: string;
  /** Stages by mapping key, instead of `mappingKey`, which serves the first stage only: `{ "": "live", next: "test" }`. The empty key is the bare domain. */ readonly mappings?: Readonly<Record<string, string>>;
  /** Certificate in the API's region. With it, the stack creates the domain. Otherwise the domain must exist in the account. */ readonly certificateArn?: string;
};

/** How esbuild builds the functions' code. */
export type EsbuildDefinition = {
  /** esbuild loaders by file extension: `{ ".svg": "text" }`. */ readonly loader?: Readonly<Record<string, "js" | "jsx" | "ts" | "tsx" | "json" | "text" | "base64" | "dataurl" | "binary" | "empty">>;
  /** Replacements for names in the code: `{ VERSION: '"1.2"' }`. */ readonly define?: Readonly<Record<string, string>>;
  /** esbuild plugins. They run before those of wsgw. Not in JSON. */ readonly plugins?: readonly Plugin[];
};

/** How esbuild builds the code of one function. */
export type FunctionBuildDefinition = {
  /** Source file, relative to the code root, if `handler` cannot name it. A handler names its file up to the first dot. Default: the file of `handler`. */ readonly entry?: string;
  /** As `loader` of the project's `esbuild`, which it overrides. */ readonly loader?: Readonly<Record<string, "js" | "jsx" | "ts" | "tsx" | "json" | "text" | "base64" | "dataurl" | "binary" | "empty">>;
  /** As `define` of the project's `esbuild`, which it overrides. */ readonly define?: Readonly<Record<string, string>>;
  /** Replacements for imported packages; paths are relative to the code root. */ readonly alias?: Readonly<Record<string, string>>;
  /** Code at the start of the bundle; not in in-process tests. */ readonly banner?: string;
  /** Code at the end of the bundle; not in in-process tests. */ readonly footer?: string;
  /** Files whose exports replace global names; paths are relative to the code root. */ readonly inject?: readonly string[];
  /** `external`: deployments bundle no packages. Lambda or a layer must provide them. */ readonly packages?: "external";
  /** Imports that are not bundled; `*` matches any characters. Lambda or a layer must provide them. */ readonly external?: readonly string[];
  /** Fields of `package.json` that name a package's entry file, in this order. */ readonly mainFields?: readonly string[];
  /** Conditions for `exports` of packages. */ readonly conditions?: readonly string[];
  /** Module format of the bundle. Default: as Node loads the handler's file. */ readonly format?: "commonjs" | "module";
};

/** How the stack is made. */
export type DeployDefinition = {
  /** API Gateway publishes every change of the API itself, without a deployment. Default `false`. */ readonly autoDeploy?: boolean;
  /** Days that CloudWatch keeps logs; one of the values that CloudWatch accepts. Default `30`. */ readonly logRetention?: number;
  /** Logs of API Gateway itself. Needs the account's CloudWatch role for API Gateway. Default: nothing. */ readonly logging?: LoggingDefinition;
  /** Tags of the stack: strings or references. CloudFormation copies them to its resources. 50 at most. */ readonly tags?: Readonly<Record<string, Value>>;
};

/** What API Gateway itself logs. */
export type LoggingDefinition = {
  /** Execution logs: errors only, or all. */ readonly level?: "ERROR" | "INFO";
  /** Messages and headers in full in the execution logs. Default `false`. */ readonly dataTrace?: boolean;
  /** Access log: true for JSON lines with the usual fields, or a format of `$context` variables. */ readonly accessLog?: boolean | string;
};
