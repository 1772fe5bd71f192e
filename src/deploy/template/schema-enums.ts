// The values of the enumerations in @aws-sdk/client-apigatewayv2 3.1169, -dynamodb, -lambda and
// -cloudwatch-logs 3.1164. CloudFormation's own schemas take any text in most of these places.

const words = (text: string): readonly string[] => text.split(" ");

/** Words that a property takes: by resource type, then by property, or by object and property. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "AWS::ApiGatewayV2::Api": {
    IpAddressType: words("dualstack ipv4"),
    ProtocolType: words("HTTP WEBSOCKET"),
  },
  "AWS::ApiGatewayV2::Authorizer": { AuthorizerType: words("JWT REQUEST") },
  "AWS::ApiGatewayV2::DomainName": {
    RoutingMode: words("API_MAPPING_ONLY ROUTING_RULE_ONLY ROUTING_RULE_THEN_API_MAPPING"),
    "DomainNameConfiguration.EndpointType": words("EDGE REGIONAL"),
    "DomainNameConfiguration.IpAddressType": words("dualstack ipv4"),
    "DomainNameConfiguration.SecurityPolicy": words("TLS_1_0 TLS_1_2"),
  },
  "AWS::ApiGatewayV2::Integration": {
    ConnectionType: words("INTERNET VPC_LINK"),
    ContentHandlingStrategy: words("CONVERT_TO_BINARY CONVERT_TO_TEXT"),
    IntegrationType: words("AWS AWS_PROXY HTTP HTTP_PROXY MOCK"),
    PassthroughBehavior: words("NEVER WHEN_NO_MATCH WHEN_NO_TEMPLATES"),
  },
  "AWS::ApiGatewayV2::IntegrationResponse": {
    ContentHandlingStrategy: words("CONVERT_TO_BINARY CONVERT_TO_TEXT"),
  },
  "AWS::ApiGatewayV2::Route": { AuthorizationType: words("AWS_IAM CUSTOM JWT NONE") },
  "AWS::ApiGatewayV2::Stage": {
    "RouteSettings.LoggingLevel": words("ERROR INFO OFF"),
  },
  "AWS::DynamoDB::Table": {
    BillingMode: words("PAY_PER_REQUEST PROVISIONED"),
    TableClass: words("STANDARD STANDARD_INFREQUENT_ACCESS"),
    "AttributeDefinition.AttributeType": words("B N S"),
    "KeySchema.KeyType": words("HASH RANGE"),
    "Projection.ProjectionType": words("ALL INCLUDE KEYS_ONLY"),
    "SSESpecification.SSEType": words("AES256 KMS"),
    "StreamSpecification.StreamViewType": words("KEYS_ONLY NEW_AND_OLD_IMAGES NEW_IMAGE OLD_IMAGE"),
  },
  "AWS::Lambda::Function": {
    Architectures: words("arm64 x86_64"),
    PackageType: words("Image Zip"),
    RecursiveLoop: words("Allow Terminate"),
    Runtime: words(
      "dotnet10 dotnet6 dotnet8 dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1 go1.x java11 java11.al2023 java17 java17.al2023 java21 java25 java8 java8.al2 java8.al2023 nodejs nodejs10.x nodejs12.x nodejs14.x nodejs16.x nodejs18.x nodejs20.x nodejs22.x nodejs24.x nodejs26.x nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 provided provided.al2 provided.al2023 python2.7 python3.10 python3.11 python3.12 python3.13 python3.14 python3.15 python3.6 python3.7 python3.8 python3.9 ruby2.5 ruby2.7 ruby3.2 ruby3.3 ruby3.4 ruby4.0",
    ),
    "LoggingConfig.ApplicationLogLevel": words("DEBUG ERROR FATAL INFO TRACE WARN"),
    "LoggingConfig.LogFormat": words("JSON Text"),
    "LoggingConfig.SystemLogLevel": words("DEBUG INFO WARN"),
    "RuntimeManagementConfig.UpdateRuntimeOn": words("Auto FunctionUpdate Manual"),
    "SnapStart.ApplyOn": words("None PublishedVersions"),
    "TracingConfig.Mode": words("Active PassThrough"),
  },
  "AWS::Lambda::Permission": { FunctionUrlAuthType: words("AWS_IAM NONE") },
  "AWS::Logs::LogGroup": { LogGroupClass: words("DELIVERY ESSENTIALS INFREQUENT_ACCESS STANDARD") },
};
