/** The vocabulary of SAM: its types, their properties, and those of events. A name with `*` is required. */

/** Types that SAM expands. Other types that begin with `AWS::Serverless::` stay unchanged. */
export const SAM_PROPERTIES = {
  Function:
    "FunctionName Handler Runtime CodeUri ImageUri PackageType InlineCode DeadLetterQueue Description MemorySize Timeout VpcConfig Role AssumeRolePolicyDocument Policies RolePath PermissionsBoundary Environment Events Tags PropagateTags Tracing KmsKeyArn DeploymentPreference ReservedConcurrentExecutions Layers EventInvokeConfig EphemeralStorage AutoPublishAlias AutoPublishCodeSha256 AutoPublishAliasAllProperties VersionDescription ProvisionedConcurrencyConfig FileSystemConfigs ImageConfig CodeSigningConfigArn Architectures SnapStart FunctionUrlConfig RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn CapacityProviderConfig FunctionScalingConfig VersionDeletionPolicy PublishToLatestPublished TenancyConfig DurableConfig",
  Api: "Name StageName* Tags PropagateTags DefinitionBody DefinitionUri MergeDefinitions CacheClusterEnabled CacheClusterSize Variables EndpointConfiguration MethodSettings BinaryMediaTypes MinimumCompressionSize Cors Auth GatewayResponses AccessLogSetting CanarySetting TracingEnabled OpenApiVersion Models Domain FailOnWarnings Description Mode DisableExecuteApiEndpoint ApiKeySourceType AlwaysDeploy Policy SecurityPolicy EndpointAccessMode",
  HttpApi:
    "Name StageName Tags PropagateTags DefinitionBody DefinitionUri StageVariables CorsConfiguration AccessLogSettings DefaultRouteSettings Auth RouteSettings Domain FailOnWarnings Description DisableExecuteApiEndpoint",
  WebSocketApi:
    "ApiKeySelectionExpression AccessLogSettings Auth DefaultRouteSettings Description DisableExecuteApiEndpoint Domain DisableSchemaValidation FailOnWarnings IpAddressType Name PropagateTags Routes* RouteSettings RouteSelectionExpression* StageName StageVariables Tags",
  SimpleTable:
    "PointInTimeRecoverySpecification PrimaryKey ProvisionedThroughput TableName Tags SSESpecification",
  LayerVersion:
    "LayerName Description PublishLambdaVersion ContentUri* CompatibleArchitectures CompatibleRuntimes LicenseInfo RetentionPolicy",
  StateMachine:
    "Definition DefinitionUri Logging Role RolePath DefinitionSubstitutions Events Name Type Tags PropagateTags Policies Tracing PermissionsBoundary AutoPublishAlias DeploymentPreference UseAliasAsEventTarget",
  Application: "Location* TemplateUrl Parameters NotificationARNs Tags TimeoutInMinutes",
  Connector: "Source* Destination* Permissions*",
} as const;

export type SamType = keyof typeof SAM_PROPERTIES;

/** SAM types unrelated to functions of a WebSocket API; they are not expanded. */
export const LEFT_ALONE = ["CapacityProvider", "GraphQLApi"] as const;

/** Properties by type in `Globals`. */
export const GLOBAL_PROPERTIES: Readonly<Record<string, string>> = {
  Function:
    "Handler Runtime CodeUri DeadLetterQueue Description MemorySize Timeout VpcConfig Environment Tags PropagateTags Tracing KmsKeyArn AutoPublishAlias AutoPublishAliasAllProperties Layers DeploymentPreference RolePath PermissionsBoundary ReservedConcurrentExecutions ProvisionedConcurrencyConfig AssumeRolePolicyDocument EventInvokeConfig FileSystemConfigs CodeSigningConfigArn Architectures SnapStart EphemeralStorage FunctionUrlConfig RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn TenancyConfig DurableConfig CapacityProviderConfig FunctionScalingConfig PublishToLatestPublished VersionDeletionPolicy",
  Api: "Auth Name DefinitionUri CacheClusterEnabled CacheClusterSize MergeDefinitions Variables EndpointConfiguration MethodSettings BinaryMediaTypes MinimumCompressionSize Cors GatewayResponses AccessLogSetting CanarySetting TracingEnabled OpenApiVersion Domain AlwaysDeploy PropagateTags SecurityPolicy EndpointAccessMode",
  HttpApi:
    "Auth AccessLogSettings StageVariables Tags CorsConfiguration DefaultRouteSettings Domain RouteSettings FailOnWarnings PropagateTags",
  SimpleTable: "SSESpecification",
  StateMachine: "PropagateTags",
  LayerVersion: "PublishLambdaVersion",
  CapacityProvider:
    "VpcConfig OperatorRole Tags InstanceRequirements ScalingConfig KmsKeyArn PropagateTags",
  WebSocketApi:
    "AccessLogSettings ApiKeySelectionExpression DefaultRouteSettings DisableExecuteApiEndpoint DisableSchemaValidation Domain FailOnWarnings IpAddressType PropagateTags RouteSelectionExpression RouteSettings StageVariables Tags",
};

/** Properties of a route of a WebSocketApi. */
export const ROUTE_PROPERTIES =
  "FunctionArn* ApiKeyRequired IntegrationTimeout ModelSelectionExpression OperationName RequestModels RequestParameters RouteResponseSelectionExpression";

const MAPPING =
  "BatchSize StartingPosition StartingPositionTimestamp Enabled MaximumBatchingWindowInSeconds MaximumRetryAttempts BisectBatchOnFunctionError MaximumRecordAgeInSeconds DestinationConfig ParallelizationFactor Topics Queues SourceAccessConfigurations SecretsManagerKmsKeyId TumblingWindowInSeconds FunctionResponseTypes KafkaBootstrapServers FilterCriteria KmsKeyArn ConsumerGroupId ScalingConfig ProvisionedPollerConfig SchemaRegistryConfig MetricsConfig LoggingConfig";
const RULE =
  "EventBusName RuleName Pattern DeadLetterConfig RetryPolicy Input InputPath Target Enabled State InputTransformer";

/** Properties by kind of event. */
export const EVENT_PROPERTIES = {
  SQS: `${MAPPING} Queue*`,
  Kinesis: `${MAPPING} Stream* StartingPosition*`,
  DynamoDB: `${MAPPING} Stream* StartingPosition*`,
  MSK: `${MAPPING} Stream*`,
  MQ: `${MAPPING} Broker* DynamicPolicyName`,
  SelfManagedKafka: MAPPING,
  DocumentDB: `${MAPPING} Cluster* DatabaseName* CollectionName FullDocument`,
  SNS: "Topic* Region FilterPolicy FilterPolicyScope SqsSubscription RedrivePolicy",
  S3: "Bucket* Events* Filter",
  Schedule: "Schedule* RuleName Input Enabled State Name Description DeadLetterConfig RetryPolicy",
  ScheduleV2:
    "PermissionsBoundary ScheduleExpression* FlexibleTimeWindow Name State Description StartDate EndDate ScheduleExpressionTimezone GroupName KmsKeyArn Input RoleArn DeadLetterConfig RetryPolicy OmitName",
  EventBridgeRule: RULE,
  CloudWatchEvent: RULE,
  CloudWatchLogs: "LogGroupName* FilterPattern*",
  Cognito: "UserPool* Trigger*",
  IoTRule: "Sql* AwsIotSqlVersion",
  AlexaSkill: "SkillId",
  Api: "Path* Method* RestApiId Stage Auth RequestModel RequestParameters TimeoutInMillis ResponseTransferMode",
  HttpApi: "Path Method ApiId Stage Auth TimeoutInMillis RouteSettings PayloadFormatVersion",
} as const;

export type EventType = keyof typeof EVENT_PROPERTIES;

/** Properties that an event source mapping has in common with the event. */
export const MAPPING_PROPERTIES =
  "StartingPosition StartingPositionTimestamp BatchSize Enabled MaximumBatchingWindowInSeconds MaximumRetryAttempts BisectBatchOnFunctionError MaximumRecordAgeInSeconds ParallelizationFactor Topics Queues SourceAccessConfigurations TumblingWindowInSeconds FunctionResponseTypes FilterCriteria KmsKeyArn ScalingConfig ProvisionedPollerConfig MetricsConfig LoggingConfig DestinationConfig";

/** Properties that a Lambda function has in common with SAM's. */
export const FUNCTION_PROPERTIES =
  "FunctionName Handler Runtime Description MemorySize Timeout VpcConfig Role Environment KmsKeyArn ReservedConcurrentExecutions Layers FileSystemConfigs ImageConfig PackageType Architectures SnapStart EphemeralStorage CodeSigningConfigArn RuntimeManagementConfig LoggingConfig TenancyConfig RecursiveLoop DurableConfig FunctionScalingConfig PublishToLatestPublished";

/** The names in an entry above, and the required ones. */
export function wordsOf(list: string): { readonly known: string[]; readonly required: string[] } {
  const words = list.split(" ");
  return {
    known: words.map((word) => word.replace("*", "")),
    required: words.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1)),
  };
}
