import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { field, isObject, objectOf } from "../../cloudformation/rules/tree.ts";
import { getAtt, ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { locationOf } from "./code-uri.ts";
import {
  addRole,
  conditionalRole,
  type Grants,
  inlinePolicy,
  managedPolicy,
} from "./created-role.ts";
import type { EventTarget } from "./event.ts";
import { addEvents } from "./events.ts";
import { type Expansion, isIntrinsic, pick, type SamResource, word } from "./expansion.ts";
import { tagsOf } from "./tags.ts";
import { FUNCTION_PROPERTIES } from "./vocabulary.ts";

/** `AWS::Serverless::Function`: the function, its alias, URL, role, and the resources of its events. */
export function expandFunction(expansion: Expansion, sam: SamResource): void {
  const role = conditionalRole(expansion, sam);
  const hasOwnRole = sam.properties.Role !== undefined && role === undefined;
  const properties = {
    ...lambdaProperties(expansion, sam),
    Role: role?.role ?? sam.properties.Role ?? getAtt(`${sam.id}Role`, "Arn"),
  };
  const places = {
    Code: codeProperty(sam.properties),
    TracingConfig: "Tracing",
    DeadLetterConfig: "DeadLetterQueue",
  };
  const target = addAlias(expansion, sam);
  expansion.main(sam, "AWS::Lambda::Function", expansion.from(properties, sam.properties, places));
  target.add();
  addUrl(expansion, sam, target.invoked);
  const asynchronous = addInvokeConfig(expansion, sam);
  const events = addEvents(expansion, sam, target);
  if (hasOwnRole) return;
  const grants = joined([baseGrants(sam), deadLetters(sam), asynchronous, events]);
  addRole(expansion, sam, "lambda.amazonaws.com", grants, role?.attributes);
}

function joined(parts: readonly Grants[]): Grants {
  return {
    managed: parts.flatMap(({ managed }) => managed),
    inline: parts.flatMap(({ inline }) => inline),
  };
}

function lambdaProperties(expansion: Expansion, sam: SamResource): JsonObject {
  const { properties } = sam;
  const queue = properties.DeadLetterQueue;
  const provider = properties.CapacityProviderConfig;
  return {
    ...pick(properties, FUNCTION_PROPERTIES.split(" ")),
    Code: codeOf(expansion, sam),
    Tags: tagsOf(expansion, sam),
    ...(isTraced(properties) ? { TracingConfig: { Mode: properties.Tracing ?? "" } } : {}),
    ...(isObject(queue) ? { DeadLetterConfig: pick(queue, ["TargetArn"]) } : {}),
    ...(isObject(provider) ? { CapacityProviderConfig: capacityProvider(provider) } : {}),
  };
}

function capacityProvider({ Arn, ...others }: JsonObject): JsonObject {
  const config = { ...(Arn === undefined ? {} : { CapacityProviderArn: Arn }), ...others };
  return { LambdaManagedInstancesCapacityProviderConfig: config };
}

function isTraced(properties: JsonObject): boolean {
  return properties.Tracing !== undefined && properties.Tracing !== "Disabled";
}

/** The property with a function's code. */
function codeProperty(properties: JsonObject): "ImageUri" | "InlineCode" | "CodeUri" {
  if (properties.PackageType === "Image") return "ImageUri";
  return properties.InlineCode === undefined ? "CodeUri" : "InlineCode";
}

function codeOf(expansion: Expansion, sam: SamResource): Json {
  const { properties } = sam;
  const what = `Function ${JSON.stringify(sam.id)}`;
  const property = codeProperty(properties);
  if (property === "ImageUri") {
    // The program that builds the image names it in the metadata until it has a URI.
    const { Handler, Runtime, Layers } = properties;
    for (const [name, value] of Object.entries({ Handler, Runtime, Layers })) {
      if (value === undefined) continue;
      expansion.error(
        `${what}: a function from an image cannot have ${name}. Remove it.`,
        properties,
        name,
      );
    }
    return { ImageUri: properties.ImageUri ?? "" };
  }
  checkZip(expansion, what, properties);
  if (property === "InlineCode") return { ZipFile: properties.InlineCode ?? "" };
  // `sam` and `aws cloudformation package` default to the template's directory.
  const code = locationOf(properties.CodeUri ?? ".");
  if (code === undefined) {
    const problem = `${what}: CodeUri must be a path, an S3 URI, or an object with Bucket and Key.`;
    expansion.error(problem, properties, "CodeUri");
    return ".";
  }
  const key = properties.SourceKMSKeyArn;
  return isObject(code) && !isIntrinsic(code) && key !== undefined
    ? { ...code, SourceKMSKeyArn: key }
    : code;
}

function checkZip(expansion: Expansion, what: string, properties: JsonObject): void {
  for (const name of ["Runtime", "Handler"].filter((each) => properties[each] === undefined)) {
    const problem = `${what} has no ${name}. Add it here or in Globals.Function.`;
    expansion.lacks(name, problem, properties);
  }
}

/** The target of invocations: the function itself, or its alias if it has one. */
function addAlias(
  expansion: Expansion,
  sam: SamResource,
): EventTarget & { readonly add: () => void } {
  const alias = sam.properties.AutoPublishAlias;
  const name = typeof alias === "string" ? alias : refName(alias);
  if (name === undefined || alias === undefined) {
    return {
      invoked: ref(sam.id),
      arn: getAtt(sam.id, "Arn"),
      uriPart: `${sam.id}.Arn`,
      add: () => {},
    };
  }
  if (typeof alias === "string" && !/^(?!\d+$)[\w-]+$/.test(alias)) {
    const what = `Function ${JSON.stringify(sam.id)}: AutoPublishAlias`;
    const problem = `${what} must have letters, digits, hyphens and underscores only, and not digits alone.`;
    expansion.error(problem, sam.properties, "AutoPublishAlias");
  }
  const version = `${sam.id}Version`;
  const id = `${sam.id}Alias${name.replaceAll("-", "D").replaceAll("_", "U").replaceAll(/\W/g, "")}`;
  expansion.references.set(`${sam.id}.Version`, version).set(`${sam.id}.Alias`, id);
  const add = () => {
    const versionProperties = expansion.from(
      {
        FunctionName: ref(sam.id),
        ...(sam.properties.VersionDescription === undefined
          ? {}
          : { Description: sam.properties.VersionDescription }),
      },
      sam.properties,
      { FunctionName: "AutoPublishAlias", Description: "VersionDescription" },
    );
    const aliasProperties = {
      Name: alias,
      FunctionName: ref(sam.id),
      FunctionVersion: getAtt(version, "Version"),
      ...pick(sam.properties, ["ProvisionedConcurrencyConfig"]),
    };
    expansion.beside(sam, version, "AWS::Lambda::Version", versionProperties, {
      DeletionPolicy: sam.properties.VersionDeletionPolicy ?? "Retain",
    });
    const places = { Name: "AutoPublishAlias" };
    const made = expansion.from(aliasProperties, sam.properties, places);
    expansion.beside(sam, id, "AWS::Lambda::Alias", made);
  };
  return { invoked: ref(id), arn: ref(id), uriPart: id, add };
}

/**
 * A parameter may name the alias; then the id contains the parameter's name, because the value is unknown.
 */
function refName(alias: Json | undefined): string | undefined {
  return isObject(alias) && typeof alias.Ref === "string" ? alias.Ref : undefined;
}

function addUrl(expansion: Expansion, sam: SamResource, invoked: Json): void {
  const url = sam.properties.FunctionUrlConfig;
  if (!isObject(url)) return;
  const properties = {
    TargetFunctionArn: invoked,
    ...pick(url, ["AuthType", "Cors", "InvokeMode"]),
  };
  expansion.beside(sam, `${sam.id}Url`, "AWS::Lambda::Url", expansion.from(properties, url));
}

const DESTINATION_ACTIONS: Readonly<Record<string, string>> = {
  SQS: "sqs:SendMessage",
  SNS: "sns:publish",
  EventBridge: "events:PutEvents",
  Lambda: "lambda:InvokeFunction",
  S3Bucket: "s3:PutObject",
};

/** The settings for asynchronous invocations: destinations, and the queues that SAM creates for them. */
function addInvokeConfig(expansion: Expansion, sam: SamResource): Grants {
  const config = sam.properties.EventInvokeConfig;
  if (!isObject(config)) return { managed: [], inline: [] };
  const inline: Json[] = [];
  const destinations: Record<string, Json> = {};
  const written = objectOf(config.DestinationConfig);
  for (const [name, destination] of Object.entries(pick(written, ["OnSuccess", "OnFailure"]))) {
    const type = isObject(destination) ? word(destination.Type) : "";
    const made = `${sam.id}EventInvokeConfig${name}`;
    const arn = isObject(destination) ? destination.Destination : undefined;
    const target = arn ?? addDestination(expansion, sam, type, made);
    const action = field(DESTINATION_ACTIONS, type);
    if (target === undefined || action === undefined) continue;
    destinations[name] = { Destination: target };
    inline.push(inlinePolicy(`${made}${type}Policy`, action, target));
  }
  const properties = {
    FunctionName: ref(sam.id),
    Qualifier: sam.properties.AutoPublishAlias ?? "$LATEST",
    ...pick(config, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"]),
    DestinationConfig: destinations,
  };
  const id = `${sam.id}EventInvokeConfig`;
  expansion.beside(sam, id, "AWS::Lambda::EventInvokeConfig", expansion.from(properties, config));
  return { managed: [], inline };
}

function addDestination(
  expansion: Expansion,
  sam: SamResource,
  type: string,
  made: string,
): Json | undefined {
  if (type === "SQS") {
    expansion.beside(sam, `${made}Queue`, "AWS::SQS::Queue", {});
    return getAtt(`${made}Queue`, "Arn");
  }
  if (type !== "SNS") return undefined;
  expansion.beside(sam, `${made}Topic`, "AWS::SNS::Topic", {});
  return ref(`${made}Topic`);
}

function baseGrants({ properties }: SamResource): Grants {
  const durable = properties.DurableConfig !== undefined;
  return {
    managed: [
      managedPolicy(
        durable ? "AWSLambdaBasicDurableExecutionRolePolicy" : "AWSLambdaBasicExecutionRole",
      ),
      ...(isTraced(properties) ? [managedPolicy("AWSXrayWriteOnlyAccess")] : []),
      ...(properties.VpcConfig === undefined
        ? []
        : [managedPolicy("AWSLambdaVPCAccessExecutionRole")]),
    ],
    inline: [],
  };
}

function deadLetters({ properties }: SamResource): Grants {
  const queue = properties.DeadLetterQueue;
  if (!isObject(queue) || queue.TargetArn === undefined) return { managed: [], inline: [] };
  const action = queue.Type === "SNS" ? "sns:Publish" : "sqs:SendMessage";
  return {
    managed: [],
    inline: [inlinePolicy("DeadLetterQueuePolicy", action, queue.TargetArn)],
  };
}
