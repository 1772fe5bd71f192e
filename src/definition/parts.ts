// Made by node scripts/definition-pages.mjs from src/definition/schema.ts; do not edit.
import type { Plugin } from "esbuild";
import type { ModelSchema } from "./models.ts";
import type { Value } from "./references.ts";
import type { Runtime } from "./runtimes.ts";

/** One WebSocket API of a project. */
export type WebSocketApiDefinition = {
  /** Name of the API on AWS, 1 to 128 characters. Default: the project's name, `-`, and the API's name here. */ readonly name?: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** Where the API key of a client is: in the header `x-api-key`, or in `usageIdentifierKey` of what the authorizer answers (`$context.authorizer.usageIdentifierKey`). Default `$request.header.x-api-key`. */ readonly apiKeySelectionExpression?: "$request.header.x-api-key" | "$context.authorizer.usageIdentifierKey";
  /** Lambda authorizers by name; names as for functions, but not `AWS_IAM`. `$connect` names the one that it asks. */ readonly authorizers?: Readonly<Record<string, AuthorizerDefinition>>;
  /** Models by name, which has letters and digits only: JSON Schemas of draft 4, 32,768 characters at most. A `$ref` names another model, or a part of the same one (`#/definitions/NAME`). */ readonly models?: Readonly<Record<string, ModelSchema>>;
  /** True deploys models whatever their schemas are like. A message that chooses a faulty one is refused. Default `false`. */ readonly disableSchemaValidation?: boolean;
  /** How a message chooses its route, for example `$request.body.action`. */ readonly routeSelectionExpression: string;
  /** Mock identities by name, for `wsgw send --as NAME` and tests. wsgw does not call the authorizer for them, or with `AWS_IAM` issues keys that sign as them. They work on this machine only. */ readonly identities?: Readonly<Record<string, IdentityDefinition>>;
  /** Domain name of your own for the API. Events carry it as `domainName`. */ readonly customDomain?: CustomDomainDefinition;
  /** What events carry as `domainName` when a client reaches the API by a name of this machine: the name by which AWS would know the API (its custom domain, the first of `hosts`, else the host that API Gateway gives it), or with `localhost`, which only the first API can have, the address on this machine, which other programs can use as it is. Default `execute-api`. */ readonly domainName?:
    | "localhost"
    | "execute-api";
  /** True refuses everything that comes to the host that API Gateway gives the API, as for clients that are to use the custom domain only. URLs of this machine work all the same. Default `false`. */ readonly disableExecuteApiEndpoint?: boolean;
  /** On AWS: with `dualstack` clients also connect by IPv6. Default `ipv4`. */ readonly ipAddressType?: "ipv4" | "dualstack";
  /** Further hosts that mean the API, and no other, on this machine, such as one that handlers have hard-coded: `abc123.execute-api.eu-west-1.amazonaws.com`. */ readonly hosts?: readonly string[];
  /** Stages by name, one at least. Any of their URLs reaches the connections of the API. */ readonly stages: Readonly<Record<string, ProjectStageDefinition>>;
  /** Routes by key: `$connect`, `$disconnect`, `$default` or any key of your own. 1 to 300. */ readonly routes: Readonly<Record<string, ProjectRouteDefinition>>;
};

/** The access log of a stage. */
export type AccessLogDefinition = {
  /** One line with `$context` variables, one of them `$context.requestId` or `$context.extendedRequestId`. Default: JSON with the usual fields. */ readonly format?: string;
  /** File that gets the lines on this machine, named from the folder of the definition. */ readonly file?: string;
};

/** The stage of an API that is a project by itself. */
export type StageDefinition = {
  /** Letters, digits, `_` and `-`, 128 characters at most. The first part of the URL's path. */ readonly name: string;
  /** 1024 characters at most. */ readonly description?: string;
  /** Handed to every event as `stageVariables`: strings of 1 to 2048 letters, digits and `-._~:/?#&=,`, or references. Names of letters, digits and `_`. */ readonly variables?: Readonly<Record<string, Value>>;
  /** How many handshakes and messages the stage takes. Default: any number. */ readonly throttle?: StageThrottleDefinition;
  /** A line for each request, on this machine and on AWS; there in place of `deploy.logging.accessLog`. Default: none here. */ readonly accessLog?: AccessLogDefinition;
};

/** A stage of one of a project's APIs. */
export type ProjectStageDefinition = {
  /** 1024 characters at most. */ readonly description?: string;
  /** Handed to every event as `stageVariables`: strings of 1 to 2048 letters, digits and `-._~:/?#&=,`, or references. Names of letters, digits and `_`. */ readonly variables?: Readonly<Record<string, Value>>;
  /** How many handshakes and messages the stage takes. Default: any number. */ readonly throttle?: StageThrottleDefinition;
  /** A line for each request, on this machine and on AWS; there in place of `deploy.logging.accessLog`. Default: none here. */ readonly accessLog?: AccessLogDefinition;
};

/** A route of an API that is a project by itself; it has either `function` or `integration`. */
export type RouteDefinition = {
  /** A name in `authorizers`, or `AWS_IAM`: clients sign the handshake with AWS keys. Only `$connect` can have one. */ readonly authorizer?: string;
  /** True lets in only clients with an API key of a usage plan; only `$connect` can have it. Default `false`. */ readonly apiKeyRequired?: boolean;
  /** 1 to 64 characters. */ readonly operationName?: string;
  /** True makes the route two-way: the handler's `body` is sent back to the client. Default `false`. */ readonly routeResponse?: boolean;
  /** How long API Gateway waits for the integration; a function runs on. In ms, 50 to 29,000. Default `29000`. */ readonly integrationTimeout?: number;
  /** How a message chooses a key of `requestModels`: as for routes, such as `$request.body.type`, or a fixed string. With it every message must fit its model. */ readonly modelSelectionExpression?: string;
  /** Names in `models`, by what the expression gives; `$default` is for all else. Without a model for it API Gateway refuses a message. */ readonly requestModels?: Readonly<Record<string, string>>;
  /** By `route.request.header.NAME` or `route.request.querystring.NAME`: what the integration's `requestParameters` take from the handshake. Only `$connect` can have them. */ readonly requestParameters?: Readonly<
    Record<
      string,
      {
        /** True refuses handshakes without it, with 400. Default `false`. */ readonly required?: boolean;
      }
    >
  >;
} & (
  | {
      /** A name in `functions`; short for an integration of the type `lambda-proxy`. */ readonly function: string;
      /** What answers the route, in place of `function`. */ readonly integration?: IntegrationDefinition;
    }
  | {
      /** A name in `functions`; short for an integration of the type `lambda-proxy`. */ readonly function?: string;
      /** What answers the route, in place of `function`. */ readonly integration: IntegrationDefinition;
    }
);

/** A route of one of a project's APIs; it has either `function` or `integration`. */
export type ProjectRouteDefinition = {
  /** A name in `functions`; short for an integration of the type `lambda-proxy`. */ readonly function?: string;
  /** What answers the route, in place of `function`. */ readonly integration?: IntegrationDefinition;
  /** A name in `authorizers`, or `AWS_IAM`: clients sign the handshake with AWS keys. Only `$connect` can have one. */ readonly authorizer?: string;
  /** True lets in only clients with an API key of a usage plan; only `$connect` can have it. Default `false`. */ readonly apiKeyRequired?: boolean;
  /** 1 to 64 characters. */ readonly operationName?: string;
  /** True makes the route two-way: the handler's `body` is sent back to the client. Default `false`. */ readonly routeResponse?: boolean;
  /** How long API Gateway waits for the integration; a function runs on. In ms, 50 to 29,000. Default `29000`. */ readonly integrationTimeout?: number;
  /** How a message chooses a key of `requestModels`: as for routes, such as `$request.body.type`, or a fixed string. With it every message must fit its model. */ readonly modelSelectionExpression?: string;
  /** Names in `models`, by what the expression gives; `$default` is for all else. Without a model for it API Gateway refuses a message. */ readonly requestModels?: Readonly<Record<string, string>>;
  /** By `route.request.header.NAME` or `route.request.querystring.NAME`: what the integration's `requestParameters` take from the handshake. Only `$connect` can have them. */ readonly requestParameters?: Readonly<
    Record<
      string,
      {
        /** True refuses handshakes without it, with 400. Default `false`. */ readonly required?: boolean;
      }
    >
  >;
};

/** A Lambda authorizer, which decides who may connect. */
export type AuthorizerDefinition = {
  /** A name in `functions`: the function that decides who may connect. */ readonly function: string;
  /** What a handshake must have for the function to be asked: `route.request.header.NAME`, `route.request.querystring.NAME`, `stageVariables.NAME` or `context.NAME`. Without one of them the answer is 401. */ readonly identitySource?: readonly string[];
  /** Why API Gateway may not invoke the function, as a template says; what needs it fails with `Internal server error`. */ readonly denied?: string;
};

/** Limits by a token bucket. */
export type ThrottleDefinition = {
  /** Requests a second in the long run; 0 refuses all once the burst is used up. Default: the account's 10,000. */ readonly rateLimit?: number;
  /** Requests that may come at once; 0 refuses all. Default: the account's 5,000. */ readonly burstLimit?: number;
};

/** Limits of a stage and of its routes. */
export type StageThrottleDefinition = {
  /** Requests a second in the long run; 0 refuses all once the burst is used up. Default: the account's 10,000. */ readonly rateLimit?: number;
  /** Requests that may come at once; 0 refuses all. Default: the account's 5,000. */ readonly burstLimit?: number;
  /** By route key: limits of the route's own in place of the stage's. What one of them lacks is as for the stage. */ readonly routes?: Readonly<Record<string, ThrottleDefinition>>;
};

/** An API key. */
export type ApiKeyDefinition = {
  /** 20 characters or more. Default: wsgw makes one for this machine, the same at every start, and API Gateway makes another one. */ readonly value?: string;
  /** False refuses clients that send it. Default `true`. */ readonly enabled?: boolean;
  /** 1024 characters at most. */ readonly description?: string;
};

/** Which API keys are good for which stages, and how often. */
export type UsagePlanDefinition = {
  /** 1024 characters at most. */ readonly description?: string;
  /** Names in `apiKeys`: the keys that the plan is for. */ readonly apiKeys?: readonly string[];
  /** The stages that the keys are good for. Default: all stages of all APIs. */ readonly apiStages?: readonly {
    /** The API, by its name in the project. */ readonly api: string;
    /** One of its stages. */ readonly stage: string;
  }[];
  /** How many handshakes each of its keys may make. Default: any number. */ readonly throttle?: ThrottleDefinition;
  /** How many handshakes each of its keys may make in a period. Default: any number. */ readonly quota?: {
    /** Handshakes in each period. */ readonly limit: number;
    /** `DAY`, `WEEK` or `MONTH`, in UTC; weeks begin on Sunday. */ readonly period: "DAY" | "WEEK" | "MONTH";
  };
};

/** Limits of an account, on this machine only. */
export type AccountLimitsDefinition = {
  /** Requests a second in the long run; 0 refuses all once the burst is used up. Default: the account's 10,000. */ readonly rateLimit?: number;
  /** Requests that may come at once; 0 refuses all. Default: the account's 5,000. */ readonly burstLimit?: number;
  /** Handshakes a second; 500 on AWS unless raised. Default: any number. */ readonly newConnectionsPerSecond?: number;
};

/** A client as an authorizer or IAM would know it. */
export type IdentityDefinition = {
  /** `principalId` in the events of its connection: a string, number, true or false. */ readonly principalId?: string | number | boolean;
  /** What else `requestContext.authorizer` has: strings, numbers, true or false, which become strings. */ readonly context?: Readonly<Record<string, string | number | boolean>>;
  /** Where `$connect` has `AWS_IAM`: what `requestContext.identity` has of the client, such as Cognito's ids. Default: an IAM user with the name of the identity. */ readonly identity?: SignerDefinition;
  /** How long keys that the gateway issues for it are valid, in seconds, 129,600 at most. Default: as long as the gateway runs. */ readonly durationSeconds?: number;
  /** Where `$connect` has `AWS_IAM`: what the identity's policies allow, such as `execute-api:Invoke`. Default: everything. */ readonly statements?: readonly RoleStatement[];
  /** Value of the client's API key, for an API whose keys come from the authorizer. */ readonly usageIdentifierKey?: string;
};

/** Who signed a handshake, as `requestContext.identity` has it. */
export type SignerDefinition = {
  /** Account of the signer. Default: that of the API. */ readonly accountId?: string;
  /** Id of the user or of the role's session. Default: one that belongs to `userArn`. */ readonly caller?: string;
  /** Id of the key. Default: the one with which the client signs. */ readonly accessKey?: string;
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
      /** A name in `functions`. */ readonly function: string;
      /** Why API Gateway may not invoke the function, as a template says; what needs it fails with `Internal server error`. */ readonly denied?: string;
    }
  | {
      /** `lambda`: the function gets what the request template makes of the message. */ readonly type: "lambda";
      /** A name in `functions`. */ readonly function: string;
      /** Why API Gateway may not invoke the function, as a template says; what needs it fails with `Internal server error`. */ readonly denied?: string;
      /** What else the request has, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
      /** Request templates by key, in VTL. Default: the message goes on as it is. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`; what fits none chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that no template fits goes on as it is; else it is refused with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` reads what is sent as base64; `CONVERT_TO_TEXT` writes it so. Default: as it is. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`; of a function that fails it is its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `http`: any URL, with a body that the request template makes. */ readonly type: "http";
      /** URL of the backend. `{name}` is `integration.request.path.name`, and `${stageVariables.name}` a stage variable. */ readonly uri: Value;
      /** Method of the request. Default `POST`. */ readonly method?: "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";
      /** What else the request has, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
      /** Request templates by key, in VTL. Default: the message goes on as it is. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`; what fits none chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that no template fits goes on as it is; else it is refused with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` reads what is sent as base64; `CONVERT_TO_TEXT` writes it so. Default: as it is. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`; of a function that fails it is its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `http-proxy`: any URL, with the message as its body. */ readonly type: "http-proxy";
      /** URL of the backend. `{name}` is `integration.request.path.name`, and `${stageVariables.name}` a stage variable. */ readonly uri: Value;
      /** Method of the request. Default `POST`. */ readonly method?: "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";
      /** What else the request has, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
    }
  | {
      /** `aws`: an action of an AWS service. DynamoDB is that of the project; of others see `endpoints`. */ readonly type: "aws";
      /** `arn:aws:apigateway:REGION:SERVICE:action/ACTION` or `…:SERVICE:path/PATH`. */ readonly uri: Value;
      /** Method of the request. Default `POST`. */ readonly method?: "DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT";
      /** ARN of a role that exists already, by which API Gateway calls the service. Default: the stack makes one out of `roleStatements`. */ readonly credentials?: string;
      /** What the role allows that the stack makes for the integration. */ readonly roleStatements?: readonly RoleStatement[];
      /** What the role of `credentials` allows; on this machine only. Templates fill it in. */ readonly permissions?: PermissionsDefinition;
      /** Why API Gateway may not call the service, as a template says; what needs it fails with `Internal server error`. */ readonly denied?: string;
      /** What else the request has, such as `{ "integration.request.header.X-Id": "context.connectionId" }`. Sources are `route.request.body.PATH`, `context.NAME`, `stageVariables.NAME` and `'text'`; for `$connect` also `route.request.header.NAME`, `route.request.querystring.NAME` and their `multivalue…` forms. */ readonly requestParameters?: Readonly<
        Record<string, Value>
      >;
      /** Request templates by key, in VTL. Default: the message goes on as it is. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`; what fits none chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that no template fits goes on as it is; else it is refused with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` reads what is sent as base64; `CONVERT_TO_TEXT` writes it so. Default: as it is. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`; of a function that fails it is its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `mock`: nothing is called; the templates alone make the answer. */ readonly type: "mock";
      /** Request templates by key, in VTL. Default: the message goes on as it is. */ readonly requestTemplates?: Readonly<Record<string, Value>>;
      /** Chooses the template, such as `$request.body.type` or `\$default`; what fits none chooses `$default`. */ readonly templateSelectionExpression?: string;
      /** When a message that no template fits goes on as it is; else it is refused with `Unsupported Media Type`. Default `WHEN_NO_MATCH`. */ readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
      /** `CONVERT_TO_BINARY` reads what is sent as base64; `CONVERT_TO_TEXT` writes it so. Default: as it is. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
      /** Integration responses by `$default`, or by a pattern that the whole status matches, such as `/200/` or `/4\d\d/`; of a function that fails it is its `errorMessage`. */ readonly responses?: Readonly<Record<string, IntegrationResponseDefinition>>;
    }
  | {
      /** `none`: nothing answers the route. Connections are accepted, a message gets `Internal server error`. */ readonly type: "none";
      /** Why nothing answers it; the log says so when a message comes. */ readonly because?: string;
    };

/** What becomes of the answer of an integration. */
export type IntegrationResponseDefinition = {
  /** Response templates by key, in VTL. Default: the answer goes on as it is. */ readonly templates?: Readonly<Record<string, Value>>;
  /** Chooses the template, such as `${integration.response.statuscode}` or `\$default`. */ readonly templateSelectionExpression?: string;
  /** `CONVERT_TO_TEXT` writes bytes in base64, `CONVERT_TO_BINARY` reads base64. Default: as it is. */ readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
};

/** A Lambda function. */
export type FunctionDefinition = {
  /** `path.export` as on Lambda, from the folder of the definition: `src/handlers/connect.handler`; one in a layer from `/opt/`. Python and executables name theirs as on Lambda. 128 characters at most, no `..`. */ readonly handler: string;
  /** 256 characters at most. */ readonly description?: string;
  /** Locally a handler runs on the Node that runs wsgw, or on this machine's Python. Default `nodejs24.x`. */ readonly runtime?: Runtime;
  /** Code root: the folder from which `handler`, `code` and `include` are named and in which the code runs, `/var/task` on AWS; from the folder of the definition. Default: that folder. */ readonly root?: string;
  /** Folder with the code. Default: the code root. Not for Node. */ readonly code?: string;
  /** Program that speaks the Lambda Runtime API, then its arguments; it runs in the folder of the code. */ readonly command?: readonly string[];
  /** Files that the code reads while it runs, as patterns from the folder of the definition: `data/*.json`. They are deployed at the same places. Only for Node. */ readonly include?: readonly string[];
  /** Files of the folder of the code that are not deployed, as patterns from that folder. Not for Node. */ readonly exclude?: readonly string[];
  /** Packages that are deployed as they are installed instead of bundled. Only for Node. */ readonly nodeModules?: readonly string[];
  /** How esbuild builds its code, besides the project's `esbuild`. Only for Node. SAM's `BuildProperties` become this. */ readonly build?: FunctionBuildDefinition;
  /** MB, 128 to 10,240. Default `128`. */ readonly memory?: number;
  /** Seconds, 1 to 900. Default `3`. */ readonly timeout?: number;
  /** Variables: strings, or references. 4096 bytes as JSON, the names of tables included. */ readonly environment?: Readonly<Record<string, Value>>;
  /** Folders whose contents Lambda lays into `/opt`, in this order, from the folder of the definition: `nodejs/node_modules`, `python`, `bin`, `lib` and whatever else. Five at most. */ readonly layers?: readonly string[];
  /** Statements added to the function's role. */ readonly roleStatements?: readonly RoleStatement[];
  /** Its name on AWS, by which others invoke it; letters, digits, `-` and `_`, 64 at most. Default: its name in `functions` here; on AWS CloudFormation makes one from that of the stack. */ readonly functionName?: string;
  /** Name or ARN of a role that exists already; not with `roleStatements`. Default: the stack makes one with the least permissions. */ readonly role?: string;
  /** What its role allows, for a function whose role is not made from this definition; on this machine only. Templates fill it in. */ readonly permissions?: PermissionsDefinition;
};

/** What a role allows that is not made from the definition. */
export type PermissionsDefinition = {
  /** Name of the role. Default: the name of the function. */ readonly roleName?: string;
  /** Policy documents of IAM, by the name of the policy. */ readonly policies?: Readonly<Record<string, unknown>>;
  /** ARNs of policies that AWS manages. */ readonly managedPolicies?: readonly string[];
  /** Services whose resources have policies of their own, which may allow more, such as `sqs`. Calls of these are not checked. */ readonly ownPolicies?: readonly string[];
  /** Values in the policies that only AWS knows, as they are made up here. Calls that a statement with one of them may allow are not checked. */ readonly onlyOnAws?: readonly string[];
  /** Why not all of the role is known; its function is never refused anything then. Ends a sentence. */ readonly unknown?: string;
};

/** One statement of an IAM policy, in IAM's own words. */
export type RoleStatement = {
  /** A name of letters and digits. */ readonly Sid?: string;
  /** `Allow` or `Deny`. */ readonly Effect: "Allow" | "Deny";
  /** An action such as `"s3:GetObject"`, or a list of actions. */ readonly Action: string | readonly string[];
  /** An ARN or a reference, a list of them, or an intrinsic function of CloudFormation. */ readonly Resource: unknown;
  /** A condition in IAM's own words; its values may be references. */ readonly Condition?: unknown;
};

/** A DynamoDB table. */
export type TableDefinition = {
  /** Name of the table here, 3 to 255 letters, digits and `_.-`. Default: the project's name, `-`, and the table's name here. On AWS CloudFormation makes one from the stack's name. */ readonly name?: string;
  /** Partition key. */ readonly partitionKey: KeyDefinition;
  /** Sort key; another attribute than the partition key. */ readonly sortKey?: KeyDefinition;
  /** Secondary indexes by name. */ readonly indexes?: Readonly<Record<string, IndexDefinition>>;
  /** Billed by request, or units per second: `{ read: 5, write: 5 }`. Default `on-demand`. */ readonly capacity?: Capacity;
  /** Attribute that holds the epoch second at which DynamoDB may delete the item. */ readonly timeToLive?: string;
  /** Environment variable that gives functions the table's name. */ readonly environmentVariable?: string;
  /** Functions that may use the table. Default: all functions. */ readonly functions?: readonly string[];
  /** JSON file or files, in or below the folder of the definition, with the items that the table has when it is made on this machine; AWS gets none. */ readonly seed?: string | readonly string[];
  /** What becomes of the table, with all that is in it, when the stack no longer has it: `Delete` or `Retain`. Default `Retain`. */ readonly deletionPolicy?: DeletionPolicy;
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
  /** `local`: over the items of one partition key, which is that of the table. Default `global`. */ readonly scope?: "global" | "local";
  /** What of its items the index has: all, their keys only, or the keys and the attributes that a list names. Default `ALL`. */ readonly projection?: "ALL" | "KEYS_ONLY" | readonly string[];
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
  /** Environment variable that gives functions the table's name. */ readonly environmentVariable: string;
  /** Name of the key attribute, 1 to 255 characters; a string that holds the connection id. */ readonly attribute: string;
  /** Billed by request, or units per second: `{ read: 5, write: 5 }`. */ readonly capacity?: Capacity;
  /** Functions that may use the table. Default: all functions. */ readonly functions?: readonly string[];
  /** `Delete` or `Retain`; connections end anyway. Default `Delete`. */ readonly deletionPolicy?: DeletionPolicy;
};

/** What becomes of a table, with all that is in it, when the stack no longer has it. */
export type DeletionPolicy = "Delete" | "Retain";

/** A domain name of your own for an API. */
export type CustomDomainDefinition = {
  /** Such as `chat.example.com`. */ readonly name: string;
  /** The path that leads to the API, of letters, digits and `$-_.+!*'()`, 300 at most. Default: none, the bare domain does. */ readonly mappingKey?: string;
  /** Stages by mapping key, in place of `mappingKey`, which leads to the first stage: `{ "": "live", next: "test" }`. The empty key is the bare domain. */ readonly mappings?: Readonly<Record<string, string>>;
  /** Certificate in the API's region. With it the stack owns the domain; else the domain must be in the account. */ readonly certificateArn?: string;
};

/** How esbuild builds the functions' code. */
export type EsbuildDefinition = {
  /** What an import of a file gives, by the extension of the file: `{ ".svg": "text" }`. */ readonly loader?: Readonly<Record<string, "js" | "jsx" | "ts" | "tsx" | "json" | "text" | "base64" | "dataurl" | "binary" | "empty">>;
  /** What stands in the code in place of a name: `{ VERSION: '"1.2"' }`. */ readonly define?: Readonly<Record<string, string>>;
  /** Plugins of esbuild, which come before those of wsgw. Not in JSON. */ readonly plugins?: readonly Plugin[];
};

/** How esbuild builds the code of one function. */
export type FunctionBuildDefinition = {
  /** File that it is built from, from the code root, where `handler` cannot name it: a handler names its file up to the first dot. Default: the file of `handler`. */ readonly entry?: string;
  /** As `loader` of the project's `esbuild`, and before it. */ readonly loader?: Readonly<Record<string, "js" | "jsx" | "ts" | "tsx" | "json" | "text" | "base64" | "dataurl" | "binary" | "empty">>;
  /** As `define` of the project's `esbuild`, and before it. */ readonly define?: Readonly<Record<string, string>>;
  /** What an import of a package means in its place; paths are named from the code root. */ readonly alias?: Readonly<Record<string, string>>;
  /** Code before that of the bundle; not in tests that run in process. */ readonly banner?: string;
  /** Code after that of the bundle; not in tests that run in process. */ readonly footer?: string;
  /** Imports that stay as they are, `*` for any text. Lambda or a layer has to bring them. */ readonly external?: readonly string[];
  /** Fields of `package.json` that name the file of a package, in this order. */ readonly mainFields?: readonly string[];
  /** Conditions for `exports` of packages. */ readonly conditions?: readonly string[];
  /** What the bundle is. Default: as Node would load the handler's file. */ readonly format?: "commonjs" | "module";
};

/** How the stack is made. */
export type DeployDefinition = {
  /** Every change of the API goes live by itself, in place of a deployment that is made for it. Default `false`. */ readonly autoDeploy?: boolean;
  /** Days that CloudWatch keeps logs; one of the numbers that it takes. Default `30`. */ readonly logRetention?: number;
  /** What API Gateway itself logs. Needs the account's CloudWatch role for API Gateway. Default: nothing. */ readonly logging?: LoggingDefinition;
  /** Tags of the stack, which CloudFormation hands on to all that is in it: strings, or references. 50 at most. */ readonly tags?: Readonly<Record<string, Value>>;
};

/** What API Gateway itself logs. */
export type LoggingDefinition = {
  /** Execution logs: errors only, or all. */ readonly level?: "ERROR" | "INFO";
  /** Messages and headers in full in the execution logs. Default `false`. */ readonly dataTrace?: boolean;
  /** Access log: true for JSON lines with the usual fields, or a format of `$context` variables. */ readonly accessLog?: boolean | string;
};
