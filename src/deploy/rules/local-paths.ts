import type { Path } from "../../definition/faults.ts";
import type { Json, JsonObject } from "../template/model.ts";
import { isJsonObject } from "../template/model.ts";

/** Where an object of the artifact bucket is. */
export type Stored = { readonly bucket: string; readonly key: string; readonly url: string };

/** What may stand at a local path: code that runs, files of a layer or archive, another template, or any other file. */
export type PathKind = "code" | "archive" | "template" | "file";

/** A place of a template that names something on this disk, where CloudFormation wants what is in S3. */
export type LocalPath = {
  readonly at: Path;
  /** Logical id of the resource; `Transform` for an include. */
  readonly id: string;
  readonly kind: PathKind;
  /** As the template has it, from its folder. */
  readonly path: string;
  /** The location in the words of the property. */
  locationOf(stored: Stored): Json;
};

type Rule = Pick<LocalPath, "kind" | "locationOf"> & { readonly property: readonly string[] };

const uri = ({ bucket, key }: Stored): Json => `s3://${bucket}/${key}`;
const url = (stored: Stored): Json => stored.url;
const parts = ({ bucket, key }: Stored): Json => ({ Bucket: bucket, Key: key });
const s3Parts = ({ bucket, key }: Stored): Json => ({ S3Bucket: bucket, S3Key: key });

function rule(kind: PathKind, property: string, locationOf: Rule["locationOf"]): Rule {
  return { kind, property: property.split("."), locationOf };
}

const APPSYNC = [
  rule("file", "RequestMappingTemplateS3Location", uri),
  rule("file", "ResponseMappingTemplateS3Location", uri),
  rule("file", "CodeS3Location", uri),
];

/**
 * The properties in which a path may stand.
 * @see https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
 */
const RULES: ReadonlyMap<string, readonly Rule[]> = new Map([
  ["AWS::Lambda::Function", [rule("code", "Code", s3Parts)]],
  ["AWS::Lambda::LayerVersion", [rule("archive", "Content", s3Parts)]],
  ["AWS::Serverless::Function", [rule("code", "CodeUri", uri)]],
  ["AWS::Serverless::LayerVersion", [rule("archive", "ContentUri", uri)]],
  ["AWS::Serverless::Application", [rule("template", "Location", url)]],
  ["AWS::Serverless::Api", [rule("file", "DefinitionUri", uri)]],
  ["AWS::Serverless::HttpApi", [rule("file", "DefinitionUri", uri)]],
  ["AWS::Serverless::StateMachine", [rule("file", "DefinitionUri", uri)]],
  ["AWS::CloudFormation::Stack", [rule("template", "TemplateURL", url)]],
  ["AWS::ApiGateway::RestApi", [rule("file", "BodyS3Location", parts)]],
  ["AWS::ApiGatewayV2::Api", [rule("file", "BodyS3Location", parts)]],
  ["AWS::StepFunctions::StateMachine", [rule("file", "DefinitionS3Location", parts)]],
  ["AWS::AppSync::GraphQLSchema", [rule("file", "DefinitionS3Location", uri)]],
  ["AWS::AppSync::Resolver", APPSYNC],
  ["AWS::AppSync::FunctionConfiguration", APPSYNC],
  ["AWS::ElasticBeanstalk::ApplicationVersion", [rule("archive", "SourceBundle", s3Parts)]],
  ["AWS::Glue::Job", [rule("file", "Command.ScriptLocation", uri)]],
]);

/** Finds what of a template lies on this disk, in the order of the template. Functions of templates are left alone. */
export function localPaths(template: JsonObject): readonly LocalPath[] {
  return [
    ...includesIn(template, []),
    ...resourcesIn(template.Resources, ["Resources"]).flatMap(({ id, at, resource }) =>
      pathsOf(template, id, at, resource),
    ),
  ];
}

type Placed = { readonly id: string; readonly at: Path; readonly resource: JsonObject };

/** The resources of a section, and of the loops in it. */
function resourcesIn(section: Json | undefined, at: Path): readonly Placed[] {
  if (!isJsonObject(section)) return [];
  return Object.entries(section).flatMap(([id, resource]): readonly Placed[] => {
    if (id.startsWith("Fn::ForEach::") && Array.isArray(resource)) {
      return resourcesIn(resource[2], [...at, id, 2]);
    }
    return isJsonObject(resource) ? [{ id, at: [...at, id], resource }] : [];
  });
}

function pathsOf(
  template: JsonObject,
  id: string,
  at: Path,
  resource: JsonObject,
): readonly LocalPath[] {
  return (RULES.get(String(resource.Type)) ?? []).flatMap(({ property, kind, locationOf }) => {
    const place: Path = [...at, "Properties", ...property];
    const written = assetOf(resource, property) ?? valueAt(resource, ["Properties", ...property]);
    const path = written === undefined ? impliedPath(template, resource, kind) : written;
    return isLocal(path) ? [{ at: place, id, kind, path, locationOf }] : [];
  });
}

/** What the CDK and SAM note of a path that they have replaced. */
function assetOf({ Metadata }: JsonObject, property: readonly string[]): Json | undefined {
  if (!isJsonObject(Metadata)) return undefined;
  const isMeant = Metadata["aws:asset:property"] === property.join(".");
  return isMeant ? Metadata["aws:asset:path"] : undefined;
}

/** Code that is not named is that of Globals, else lies in the folder of the template. */
function impliedPath(template: JsonObject, resource: JsonObject, kind: PathKind): Json | undefined {
  if (kind !== "code" && kind !== "archive") return undefined;
  if (!/^AWS::(Lambda|Serverless)::/.test(String(resource.Type))) return undefined;
  const { InlineCode, ImageUri } = propertiesOf(resource);
  const isImage = settingOf(template, resource, "PackageType") === "Image";
  if (InlineCode !== undefined || ImageUri !== undefined || isImage) return undefined;
  return settingOf(template, resource, "CodeUri") ?? ".";
}

/** A property of a resource or, for SAM's functions, what Globals says of it. */
export function settingOf(
  template: JsonObject,
  resource: JsonObject,
  property: string,
): Json | undefined {
  const own = propertiesOf(resource)[property];
  if (own !== undefined || resource.Type !== "AWS::Serverless::Function") return own;
  return valueAt(template, ["Globals", "Function", property]);
}

function propertiesOf({ Properties }: JsonObject): JsonObject {
  return isJsonObject(Properties) ? Properties : {};
}

/** A path, and no address of something that is elsewhere. */
function isLocal(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "" && !/^[a-z][a-z\d+.-]+:/i.test(value);
}

/** Transforms that include a file, anywhere in the template. */
function includesIn(node: Json, at: Path): readonly LocalPath[] {
  if (Array.isArray(node)) {
    return node.flatMap((item: Json, index) => includesIn(item, [...at, index]));
  }
  if (!isJsonObject(node)) return [];
  return Object.entries(node).flatMap(([name, value]) => {
    const isTransform = name === "Fn::Transform" || (name === "Transform" && at.length === 0);
    if (!isTransform) return includesIn(value, [...at, name]);
    const all: readonly Json[] = Array.isArray(value) ? value : [value];
    return all.flatMap((one, index) => {
      const place = Array.isArray(value) ? [...at, name, index] : [...at, name];
      const path = valueAt(one, ["Parameters", "Location"]);
      if (valueAt(one, ["Name"]) !== "AWS::Include" || !isLocal(path)) return [];
      const found: LocalPath = {
        at: [...place, "Parameters", "Location"],
        id: "Include",
        kind: "file",
        path,
        locationOf: uri,
      };
      return [found];
    });
  });
}

/** What stands at a place of a template; undefined where it has none. */
export function valueAt(node: Json | undefined, path: Path): Json | undefined {
  let value: Json | undefined = node;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)] as Json | undefined;
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** The tree with another value at a place; objects on the way are made where there are none. */
export function withValueAt(node: Json | undefined, [key, ...rest]: Path, value: Json): Json {
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    return node.map((item: Json, at) => (at === key ? withValueAt(item, rest, value) : item));
  }
  const object = isJsonObject(node) ? node : {};
  return { ...object, [key]: withValueAt(object[key], rest, value) };
}
