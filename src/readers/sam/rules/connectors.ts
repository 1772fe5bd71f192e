import { didYouMean } from "../../../definition/faults.ts";
import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { field, isObject, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { getAtt, ref, sub } from "../../cloudformation/rules/write-intrinsics.ts";
import { type Expansion, type SamResource, word } from "./expansion.ts";

type Access = {
  readonly actions: string;
  /** Suffixes to the destination's ARN in the resources, in addition to the ARN itself. */
  readonly parts?: string;
};

/**
 * The permissions that a connector grants to a function, by the destination's type and `Permissions`. wsgw
 * checks only permissions of functions; connectors of other sources have no effect.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
const ACCESS: Readonly<Record<string, Readonly<Record<string, Access>>>> = {
  "AWS::DynamoDB::Table": {
    Read: {
      actions: "dynamodb: GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect",
      parts: "/index/*",
    },
    Write: {
      actions:
        "dynamodb: PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate",
      parts: "/index/*",
    },
  },
  "AWS::Lambda::Function": { Write: { actions: "lambda: InvokeAsync InvokeFunction" } },
  "AWS::SQS::Queue": {
    Read: { actions: "sqs: ReceiveMessage GetQueueAttributes" },
    Write: { actions: "sqs: DeleteMessage SendMessage ChangeMessageVisibility PurgeQueue" },
  },
  "AWS::SNS::Topic": { Write: { actions: "sns: Publish" } },
  "AWS::Events::EventBus": { Write: { actions: "events: PutEvents" } },
  "AWS::StepFunctions::StateMachine": {
    Read: { actions: "states: DescribeStateMachine ListExecutions" },
    Write: { actions: "states: StartExecution StartSyncExecution" },
  },
  "AWS::S3::Bucket": {
    Read: {
      actions:
        "s3: GetObject GetObjectAcl GetObjectLegalHold GetObjectRetention GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionForReplication GetObjectVersionTorrent ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts",
      parts: "/*",
    },
    Write: {
      actions:
        "s3: AbortMultipartUpload DeleteObject DeleteObjectVersion PutObject PutObjectLegalHold PutObjectRetention RestoreObject",
      parts: "/*",
    },
  },
};

/** Types whose `Ref` is their ARN. */
const ARN_BY_REF = ["AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"];

/** Adds the policies of connectors: resources, and those under `Connectors` of other resources. */
export function connect(
  expansion: Expansion,
  resources: JsonObject,
  sams: readonly SamResource[],
): void {
  for (const { id, type, properties } of sams) {
    if (type === "Connector") addPolicies(expansion, id, properties.Source, properties);
  }
  for (const [id, resource] of Object.entries(resources)) {
    if (!isObject(resource) || resource.Connectors === undefined) continue;
    const connectors = expansion.map(`Resource ${JSON.stringify(id)}`, resource, "Connectors");
    for (const name of Object.keys(connectors)) {
      const what = `Connector ${JSON.stringify(name)} of ${JSON.stringify(id)}`;
      const connector = expansion.map(what, connectors, name);
      const properties = expansion.map(what, connector, "Properties");
      expansion.checkWords(what, properties, "SourceReference Destination* Permissions*");
      addPolicies(expansion, id + name, { Id: id }, properties);
    }
    const made = expansion.resources.get(id);
    if (made === undefined || made.Connectors === undefined) continue;
    const { Connectors: _, ...others } = made;
    expansion.resources.set(id, expansion.origins.inherit(others, made));
  }
}

function addPolicies(
  expansion: Expansion,
  id: string,
  source: Json | undefined,
  properties: JsonObject,
): void {
  const from = isObject(source) ? resourceOf(expansion, source, properties, "Source") : undefined;
  const role = from && roleOf(from.properties);
  const several = Array.isArray(properties.Destination);
  for (const [at, destination] of oneOrMore(properties.Destination).entries()) {
    const to = isObject(destination)
      ? resourceOf(expansion, destination, properties, "Destination")
      : undefined;
    if (from?.type !== "AWS::Lambda::Function" || to === undefined || role === undefined) continue;
    const access = field(ACCESS, to.type) ?? {};
    const statements = oneOrMore(properties.Permissions).flatMap((permission) => {
      const allowed = field(access, word(permission));
      return allowed === undefined ? [] : [statementOf(allowed, to.arn)];
    });
    if (statements.length === 0) continue;
    const document = { Version: "2012-10-17", Statement: statements };
    const policy = expansion.from({ PolicyDocument: document, Roles: [role] }, properties);
    expansion.resources.set(
      `${id}Policy${several ? `Destination${at}` : ""}`,
      expansion.from({ Type: "AWS::IAM::ManagedPolicy", Properties: policy }, properties),
    );
  }
}

function statementOf({ actions, parts }: Access, arn: Json): JsonObject {
  const [service = "", ...names] = actions.split(" ");
  const below =
    parts === undefined ? [] : [sub(`\${DestinationArn}${parts}`, { DestinationArn: arn })];
  return {
    Effect: "Allow",
    Action: names.map((name) => service + name),
    Resource: [arn, ...below],
  };
}

type Connected = { readonly type: string; readonly arn: Json; readonly properties: JsonObject };

/** An end of a connector: a resource of the template by id, or another by type and ARN. */
function resourceOf(
  expansion: Expansion,
  end: JsonObject,
  connector: JsonObject,
  property: "Source" | "Destination",
): Connected | undefined {
  const { Id, Type, Arn } = end;
  if (typeof Id !== "string") {
    return typeof Type === "string" ? { type: Type, arn: Arn ?? "", properties: end } : undefined;
  }
  const resource = expansion.resources.get(Id);
  if (resource === undefined) {
    const meant = didYouMean(Id, expansion.resources.keys()) ?? ".";
    const problem = `A connector has ${JSON.stringify(Id)} as its ${property}, which is not a resource of the template${meant}`;
    expansion.error(problem, connector, property);
    return undefined;
  }
  const type = word(resource.Type);
  const properties = objectOf(resource.Properties);
  return { type, arn: ARN_BY_REF.includes(type) ? ref(Id) : getAtt(Id, "Arn"), properties };
}

/** The name of a function's role: the role in `Role`, or `RoleName` of a connector. */
function roleOf({ Role, RoleName }: JsonObject): Json | undefined {
  const arn = isObject(Role) ? Role["Fn::GetAtt"] : undefined;
  const [id] = Array.isArray(arn) ? arn : [];
  return typeof id === "string" ? ref(id) : RoleName;
}
