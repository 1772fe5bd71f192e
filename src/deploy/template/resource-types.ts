/** Whether CloudFormation replaces a resource because of a change. */
export type Replacement = "never" | "always";

/**
 * For a type that wsgw deploys: its GetAtt attributes, and the properties whose change replaces the resource.
 */
type ResourceType = readonly [attributes: string, replacing: string];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html */
const TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::ApiGateway::ApiKey": ["APIKeyId", "GenerateDistinctId Name Value"],
  "AWS::ApiGateway::UsagePlan": ["Id", ""],
  "AWS::ApiGateway::UsagePlanKey": ["Id", "KeyId KeyType UsagePlanId"],
  "AWS::ApiGatewayV2::Api": ["ApiEndpoint ApiId ExecuteApiArn", "ProtocolType"],
  "AWS::ApiGatewayV2::ApiMapping": ["ApiMappingId", "DomainName"],
  "AWS::ApiGatewayV2::Authorizer": ["AuthorizerId", "ApiId"],
  "AWS::ApiGatewayV2::Deployment": ["DeploymentId", "ApiId"],
  "AWS::ApiGatewayV2::DomainName": [
    "DomainNameArn RegionalDomainName RegionalHostedZoneId",
    "DomainName",
  ],
  "AWS::ApiGatewayV2::Integration": ["IntegrationId", "ApiId"],
  "AWS::ApiGatewayV2::IntegrationResponse": ["IntegrationResponseId", "ApiId IntegrationId"],
  "AWS::ApiGatewayV2::Model": ["ModelId", "ApiId"],
  "AWS::ApiGatewayV2::Route": ["RouteId", "ApiId"],
  "AWS::ApiGatewayV2::RouteResponse": ["RouteResponseId", "ApiId RouteId"],
  "AWS::ApiGatewayV2::Stage": ["", "ApiId StageName"],
  "AWS::DynamoDB::Table": ["Arn StreamArn", "ImportSourceSpecification KeySchema TableName"],
  "AWS::IAM::Role": ["Arn RoleId", "Path RoleName"],
  "AWS::Lambda::Alias": ["AliasArn", "FunctionName Name"],
  "AWS::Lambda::Function": [
    "Arn SnapStartResponse SnapStartResponse.ApplyOn SnapStartResponse.OptimizationStatus",
    "FunctionName PackageType TenancyConfig",
  ],
  "AWS::Lambda::LayerVersion": [
    "LayerVersionArn",
    "CompatibleArchitectures CompatibleRuntimes Content Description LayerName LicenseInfo",
  ],
  "AWS::Lambda::Permission": [
    "Id",
    "Action EventSourceToken FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal PrincipalOrgID SourceAccount SourceArn",
  ],
  "AWS::Logs::LogGroup": ["Arn", "LogGroupName"],
};

/** The GetAtt attributes of a type; undefined for one that wsgw does not deploy. */
export function attributesOf(type: string): readonly string[] | undefined {
  return TYPES[type]?.[0].split(" ").filter(Boolean);
}

/** The effect of changing a property, or a part of it; "never" for a type that wsgw does not deploy. */
export function replacementOf(type: string, path: string): Replacement {
  const [property = ""] = path.split(/[.[]/);
  return TYPES[type]?.[1].split(" ").includes(property) ? "always" : "never";
}
