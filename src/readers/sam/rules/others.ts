import { given } from "../../../values/given.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { getAtt, ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { addStateMachinePath } from "./apis.ts";
import { locationOf } from "./code-uri.ts";
import { addRole } from "./created-role.ts";
import { NO_GRANTS } from "./event.ts";
import { eventsOf } from "./events.ts";
import { type Expansion, pick, type SamResource } from "./expansion.ts";
import { plainTags, tagsOf } from "./tags.ts";

const KEY_TYPES = new Map([
  ["String", "S"],
  ["Number", "N"],
  ["Binary", "B"],
]);

/** `AWS::Serverless::SimpleTable`: a table with one key, by default `id`. */
export function expandTable(expansion: Expansion, sam: SamResource): void {
  const { properties } = sam;
  const what = `SimpleTable ${JSON.stringify(sam.id)}`;
  const key = expansion.properties(what, properties, "PrimaryKey");
  if (properties.PrimaryKey !== undefined) {
    expansion.checkWords(`${what}: PrimaryKey`, key, "Name* Type*");
  }
  const { Name = "id", Type = "String" } = key;
  const type = typeof Type === "string" ? KEY_TYPES.get(Type) : undefined;
  if (type === undefined) {
    const problem = `${what}: the type of PrimaryKey must be String, Number or Binary.`;
    expansion.error(problem, properties, "PrimaryKey");
  }
  const tags = plainTags(properties.Tags);
  const table = {
    ...pick(properties, ["TableName", "SSESpecification", "PointInTimeRecoverySpecification"]),
    AttributeDefinitions: [{ AttributeName: Name, AttributeType: type ?? "S" }],
    KeySchema: [{ AttributeName: Name, KeyType: "HASH" }],
    ...(properties.ProvisionedThroughput === undefined
      ? { BillingMode: "PAY_PER_REQUEST" }
      : pick(properties, ["ProvisionedThroughput"])),
    ...(tags.length > 0 && { Tags: tags }),
  };
  const places = { AttributeDefinitions: "PrimaryKey", KeySchema: "PrimaryKey" };
  expansion.main(sam, "AWS::DynamoDB::Table", expansion.from(table, properties, places));
}

/** `AWS::Serverless::LayerVersion`. On AWS its id ends with a hash of its contents; here it keeps its own. */
export function expandLayer(expansion: Expansion, sam: SamResource): void {
  const { properties, id } = sam;
  const content = locationOf(properties.ContentUri ?? "");
  if (content === undefined) {
    const problem = `LayerVersion ${JSON.stringify(id)}: ContentUri must be a path, an S3 URI, or an object with Bucket and Key.`;
    expansion.error(problem, properties, "ContentUri");
  }
  const taken = "Description CompatibleArchitectures CompatibleRuntimes LicenseInfo";
  const layer = {
    LayerName: properties.LayerName ?? id,
    Content: content ?? "",
    ...pick(properties, taken.split(" ")),
  };
  const made = expansion.from(layer, properties, { Content: "ContentUri" });
  const kept = { DeletionPolicy: properties.RetentionPolicy ?? "Retain" };
  expansion.main(sam, "AWS::Lambda::LayerVersion", made, kept);
}

/** `AWS::Serverless::StateMachine`: it only gets a name and does not run. */
export function expandStateMachine(expansion: Expansion, sam: SamResource): void {
  const { properties, id } = sam;
  const location = { bucket: "Bucket", key: "Key", version: "Version" };
  const { Definition, DefinitionUri, Name, Type, Logging, Tracing, Role } = properties;
  const machine = given({
    Definition,
    DefinitionS3Location: DefinitionUri && (locationOf(DefinitionUri, location) ?? DefinitionUri),
    StateMachineName: Name,
    StateMachineType: Type,
    LoggingConfiguration: Logging,
    TracingConfiguration: Tracing,
    DefinitionSubstitutions: properties.DefinitionSubstitutions,
    RoleArn: Role ?? getAtt(`${id}Role`, "Arn"),
    Tags: tagsOf(expansion, sam),
  });
  const places = {
    DefinitionS3Location: "DefinitionUri",
    StateMachineName: "Name",
    StateMachineType: "Type",
    RoleArn: "Role",
  };
  const made = expansion.from(machine, properties, places);
  expansion.main(sam, "AWS::StepFunctions::StateMachine", made);
  if (Role === undefined) addRole(expansion, sam, "states.amazonaws.com", NO_GRANTS);
  const target = { invoked: ref(id), arn: ref(id), uriPart: id };
  for (const event of eventsOf(expansion, sam, target)) {
    if (event.type === "Api") addStateMachinePath(expansion, event);
  }
}

/** `AWS::Serverless::Application`: a nested stack if its template is a file or a URL. */
export function expandApplication(expansion: Expansion, sam: SamResource): void {
  const { properties, written, id } = sam;
  const location = properties.Location;
  if (isObject(location) && location.ApplicationId !== undefined) {
    const what = `Application ${JSON.stringify(id)}`;
    const problem = `${what} comes from the Serverless Application Repository. wsgw reads nested applications from local files only.`;
    expansion.warn(problem, properties, "Location");
    expansion.resources.set(id, written);
    return;
  }
  const tags = plainTags(properties.Tags);
  const stack = {
    TemplateURL: location ?? "",
    ...pick(properties, ["Parameters", "NotificationARNs", "TimeoutInMinutes"]),
    Tags: [{ Key: "lambda:createdBy", Value: "SAM" }, ...tags],
  };
  const made = expansion.from(stack, properties, { TemplateURL: "Location" });
  expansion.main(sam, "AWS::CloudFormation::Stack", made);
}
