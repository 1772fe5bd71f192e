/** A service, as its files; `name` says what it is about. */
export type ServiceFixture = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Values for `--parameter-overrides`; `stage` and `region` are options of Serverless. */
  readonly given?: Readonly<Record<string, string>>;
};

const CODE = "exports.handler = async () => ({ statusCode: 200 });\n";

const PROVIDER = `
provider:
  name: aws
  runtime: nodejs20.x`;

const FUNCTIONS = `
functions:
  door:
    handler: a.handler
    events:
      - websocket: $connect
      - websocket: { route: $disconnect }`;

function service(name: string, text: string, more: Partial<ServiceFixture> = {}): ServiceFixture {
  const { files = {}, given } = more;
  const yaml = text.includes("service:") ? text : `service: chat\n${text}`;
  return {
    name,
    files: { "serverless.yml": `${yaml}\n`, "a.js": CODE, ...files },
    ...(given !== undefined && { given }),
  };
}

const withFunctions = (name: string, text: string, more?: Partial<ServiceFixture>) =>
  service(name, `${PROVIDER}\n${FUNCTIONS}${text}`, more);

const withProvider = (name: string, text: string, more?: Partial<ServiceFixture>) =>
  service(name, `${PROVIDER}${text}\n${FUNCTIONS}`, more);

const TABLE = `
Type: AWS::DynamoDB::Table
Properties:
  BillingMode: PAY_PER_REQUEST
  AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
  KeySchema: [{ AttributeName: id, KeyType: HASH }]`;

const indented = (text: string, by: number) => text.replaceAll("\n", `\n${" ".repeat(by)}`);

/** Small services, each with something that Serverless makes in its own way. */
export const SERVICES: readonly ServiceFixture[] = [
  withProvider("defaults", ""),
  withProvider(
    "sizes",
    `
  memorySize: 512
  timeout: 20
  stage: live
  region: eu-west-1
  stackName: other-stack`,
  ),
  withProvider(
    "names of the API",
    `
  websocketsApiName: my sockets
  websocketsApiRouteSelectionExpression: $request.body.kind
  websocketsDescription: says who is there`,
  ),
  withFunctions(
    "route keys with signs",
    `
  say-it_all:
    handler: a.handler
    name: said
    description: says it
    events:
      - websocket: say.it-all_now/here
      - websocket: $default`,
  ),
  withFunctions(
    "a route response",
    `
  ask:
    handler: a.handler
    events:
      - websocket: { route: ask, routeResponseSelectionExpression: $default }`,
  ),
  ...(
    [
      ["a function", "authorizer: auth"],
      [
        "a function with an identity source",
        "authorizer: { name: auth, identitySource: [route.request.querystring.t] }",
      ],
      [
        "two identity sources",
        "authorizer: { name: auth, identitySource: ['route.request.header.A', 'route.request.querystring.b'] }",
      ],
      ["a function without one", "authorizer: { name: auth }"],
      ["an ARN", "authorizer: arn:aws:lambda:us-east-1:123456789012:function:auth-fn"],
      [
        "an object with an ARN",
        "authorizer: { arn: 'arn:aws:lambda:us-east-1:123456789012:function:auth-fn' }",
      ],
      [
        "a function of CloudFormation",
        "authorizer: { name: auth, arn: { Fn::GetAtt: [AuthLambdaFunction, Arn] } }",
      ],
    ] as const
  ).map(([what, authorizer]) =>
    service(
      `an authorizer: ${what}`,
      `${PROVIDER}
functions:
  auth: { handler: a.handler, name: auth-fn }
  door:
    handler: a.handler
    events:
      - websocket: { route: $connect, ${authorizer} }`,
    ),
  ),
  withProvider(
    "environments",
    `
  environment:
    ONE: 1
    YES: true
    SHARED: of all
    API: { Ref: WebsocketsApi }
    URL: !Sub "https://\${WebsocketsApi}.execute-api.\${AWS::Region}.amazonaws.com/\${sls:stage}"`,
  ),
  withFunctions(
    "an environment of a function",
    `
  say:
    handler: a.handler
    environment: { SHARED: own, DOOR: !GetAtt DoorLambdaFunction.Arn }
    events: [{ websocket: say }]`,
  ),
  service(
    "variables of the service",
    `${PROVIDER}
  stage: \${opt:stage, self:custom.stage}
  environment:
    A: \${self:custom.nested.\${self:custom.stage}.name}
    B: "\${self:service}-\${self:provider.stage}"
    C: \${self:custom.missing, 'fallback'}
    D: \${self:custom.list.1}
    E: \${opt:color, 'red'}
    F: \${env:NOT_THERE, ''}
    G: \${aws:region}-x
    H: \\\${self:custom.stage}
    I: \${strToBool(true)}
    J: \${self:custom.alias}
custom:
  stage: test
  nested: { test: { name: nested-test }, dev: { name: nested-dev } }
  list: [first, second]
  alias: \${self:custom.nested.test.name}
${FUNCTIONS}`,
  ),
  service(
    "an option for the stage",
    `${PROVIDER}
  stage: \${opt:stage, 'dev'}
  environment: { STAGE: "\${sls:stage}", OWN: "\${self:provider.stage}" }
${FUNCTIONS}`,
    { given: { stage: "live" } },
  ),
  service(
    "parameters of stages",
    `${PROVIDER}
  stage: live
  environment: { A: "\${param:host}", B: "\${param:port}", C: "\${param:none, 'no'}" }
params:
  default: { host: local, port: 80 }
  live: { host: "\${sls:stage}.example.com" }
${FUNCTIONS}`,
  ),
  service(
    "files of YAML and JSON",
    `${PROVIDER}
  environment: \${file(./env.yml):\${sls:stage}}
functions: \${file(functions.yml)}
resources:
  - \${file(resources/table.yml)}
  - Resources: \${file(./resources/more.json):Resources}`,
    {
      files: {
        "env.yml": "dev:\n  TABLE: ${self:service}-table\n  FROM: ${file(./env.json):from}\n",
        "env.json": '{ "from": "json" }',
        "functions.yml": "door:\n  handler: a.handler\n  events:\n    - websocket: $connect\n",
        "resources/table.yml": `Resources:\n  Table:${indented(TABLE, 4)}\n      TableName: \${self:service}-table\n`,
        "resources/more.json": '{ "Resources": { "Jobs": { "Type": "AWS::SQS::Queue" } } }',
      },
    },
  ),
  service(
    "files of JavaScript",
    `${PROVIDER}
  environment:
    A: \${file(./values.js):plain}
    B: \${file(./values.js):made.deep}
    C: \${file(./call.js):name}
${FUNCTIONS}`,
    {
      files: {
        "values.js": "module.exports = { plain: 'p', made: () => ({ deep: 'd' }) };\n",
        "call.js":
          "module.exports = async ({ resolveVariable, options }) => ({ name: `${await resolveVariable('self:service')}-${await resolveVariable('sls:stage')}-${options.color ?? 'none'}` });\n",
      },
    },
  ),
  withFunctions(
    "resources over what is made",
    `
resources:
  Parameters:
    Limit: { Type: String, Default: "5" }
  Conditions:
    IsFive: !Equals [!Ref Limit, "5"]
  Resources:
    Table:${indented(TABLE, 6)}
    DoorLambdaFunction:
      Type: AWS::Lambda::Function
      Properties:
        Timeout: 3
        Environment: { Variables: { LIMIT: !If [IsFive, five, !Ref Limit] } }
    WebsocketsDeploymentStage:
      Type: AWS::ApiGatewayV2::Stage
      Properties: { StageVariables: { mood: calm } }
  extensions:
    WebsocketsApi:
      Properties: { RouteSelectionExpression: $request.body.type }`,
  ),
  withFunctions(
    "a list of resources",
    `
resources:
  - Resources: { Table: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PROVISIONED } } }
  - Resources:
      Table:${indented(TABLE, 8)}
          TableName: \${self:service}-\${sls:stage}`,
  ),
  withFunctions(
    "queues and streams",
    `
  work:
    handler: a.handler
    events:
      - sqs: arn:aws:sqs:us-east-1:123456789012:jobs
      - sqs: { arn: !GetAtt Jobs.Arn, batchSize: 1, filterPatterns: [{ body: { a: [1] } }] }
      - stream: { type: dynamodb, arn: !GetAtt Table.StreamArn }
      - stream: arn:aws:dynamodb:us-east-1:123456789012:table/other/stream/1
resources:
  Resources:
    Jobs: { Type: AWS::SQS::Queue }
    Table:${indented(TABLE, 6)}
        StreamSpecification: { StreamViewType: NEW_IMAGE }`,
  ),
  withFunctions(
    "topics",
    `
  work:
    handler: a.handler
    events:
      - sns: news
      - sns: { topicName: filtered, filterPolicy: { kind: [a] } }
      - sns: arn:aws:sns:us-east-1:123456789012:known
      - sns: { arn: !Ref Own, topicName: own }
  other:
    handler: a.handler
    events: [{ sns: news }]
resources:
  Resources:
    Own: { Type: AWS::SNS::Topic }`,
  ),
  withFunctions(
    "schedules and rules",
    `
  work:
    handler: a.handler
    events:
      - schedule: rate(1 hour)
      - schedule: { rate: ["cron(0 12 * * ? *)", rate(2 days)], enabled: false }
      - schedule: { rate: [rate(3 days)], method: scheduler }
      - eventBridge: { pattern: { source: [shop] } }
      - eventBridge: { schedule: rate(5 minutes) }
      - cloudwatchEvent: { event: { source: [aws.ec2] } }`,
  ),
  withFunctions(
    "buckets",
    `
  work:
    handler: a.handler
    events:
      - s3: photos-of-chat
      - s3: { bucket: photos-of-chat, event: "s3:ObjectRemoved:*", rules: [{ prefix: a/ }] }`,
  ),
  withFunctions(
    "HTTP APIs",
    `
  web:
    handler: a.handler
    events:
      - httpApi: "*"
      - httpApi: GET /rooms/{id}
      - httpApi: { method: post, path: /rooms }
      - httpApi: { method: "*", path: /any }
  rest:
    handler: a.handler
    events:
      - http: GET /rooms/{id}
      - http: { path: rooms, method: any }
      - http: { path: /, method: get }`,
  ),
  withProvider(
    "statements of roles",
    `
  iam:
    role:
      name: chat-role
      statements:
        - { Effect: Allow, Action: dynamodb:*, Resource: "*" }
      managedPolicies: [arn:aws:iam::aws:policy/AmazonSNSFullAccess]
  tracing: { lambda: true }
  logs: { websocket: { level: ERROR, fullExecutionData: false, accessLogging: false } }`,
  ),
  withProvider(
    "old statements of roles",
    "\n  iamRoleStatements: [{ Effect: Allow, Action: 'sqs:*', Resource: '*' }]",
  ),
  withFunctions(
    "roles of functions",
    `
  say:
    handler: a.handler
    role: OwnRole
    events: [{ websocket: say }]
  tell:
    handler: a.handler
    role: !GetAtt OwnRole.Arn
    events: [{ websocket: tell }]
resources:
  Resources:
    OwnRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }`,
  ),
  withFunctions(
    "functions without routes, and packages",
    `
  quiet: { handler: lib/b.deep.handler, runtime: python3.12, memorySize: 2048, architecture: arm64 }
  ~empty: ~
package:
  individually: true
  patterns: ["!node_modules/**"]`.replace("\n  ~empty: ~", ""),
    { files: { "lib/b.py": "" } },
  ),
  service(
    "functions as a list",
    `${PROVIDER}
functions:
  - \${file(one.yml)}
  - two: { handler: a.handler, events: [{ websocket: two }] }`,
    { files: { "one.yml": "one:\n  handler: a.handler\n  events:\n    - websocket: $connect\n" } },
  ),
  {
    name: "a service in JSON",
    files: {
      "a.js": CODE,
      "serverless.json": JSON.stringify({
        service: "chat",
        provider: { name: "aws", runtime: "nodejs20.x", environment: { S: "${sls:stage}" } },
        functions: { door: { handler: "a.handler", events: [{ websocket: "$connect" }] } },
      }),
    },
  },
  {
    name: "a service in JavaScript",
    files: {
      "a.js": CODE,
      "serverless.js":
        "module.exports = { service: 'chat', provider: { name: 'aws', runtime: 'nodejs20.x' }, functions: { door: { handler: 'a.handler', timeout: 2 + 3, events: [{ websocket: '$connect' }] } } };\n",
    },
  },
  withProvider(
    "a .env file",
    `
  environment: { TOKEN: "\${env:CHAT_TOKEN}", STAGED: "\${env:CHAT_STAGE, 'none'}" }
useDotenv: true`,
    { files: { ".env": "CHAT_TOKEN=of-all\n", ".env.dev": "CHAT_TOKEN=of-dev\nCHAT_STAGE=dev\n" } },
  ),
];
