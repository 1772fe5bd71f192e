import type { Path } from "../../definition/faults.ts";
import { isObject, objectOf } from "../../readers/cloudformation/rules/tree.ts";
import type { Json, JsonObject } from "../template/model.ts";

/** The location of an object in the artifact bucket. */
export type Stored = { readonly bucket: string; readonly key: string; readonly url: string };

/**
 * The kind of a local path: code that runs, files of a layer or archive, another template, or any other file.
 */
export type PathKind = "code" | "archive" | "template" | "file";

/** A local path in a template, where CloudFormation requires an S3 location. */
export type LocalPath = {
  readonly at: Path;
  /** Logical id of the resource; `Transform` for an include. */
  readonly id: string;
  readonly kind: PathKind;
  /** As in the template, relative to it. */
  readonly path: string;
  /** The location in the property's format. */
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
 * The properties that may contain a local path.
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

/** Finds the local paths in a template, in its order. Ignores intrinsic functions. */
export function localPaths(template: JsonObject): readonly LocalPath[] {
  return [
    ...includesIn(template, []),
    ...resourcesIn(template.Resources, ["Resources"]).flatMap(({ id, at, resource }) =>
      pathsOf(template, id, at, resource),
    ),
  ];
}

type Placed = { readonly id: string; readonly at: Path; readonly resource: JsonObject };

/** The resources of a section, including those in loops. */
function resourcesIn(section: Json | undefined, at: Path): readonly Placed[] {
  if (!isObject(section)) return [];
  return Object.entries(section).flatMap(([id, resource]): readonly Placed[] => {
    if (id.startsWith("Fn::ForEach::") && Array.isArray(resource)) {
      return resourcesIn(resource[2], [...at, id, 2]);
    }
    return isObject(resource) ? [{ id, at: [...at, id], resource }] : [];
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

/** Metadata of the CDK and SAM about a path that they have replaced. */
function assetOf({ Metadata }: JsonObject, property: readonly string[]): Json | undefined {
  if (!isObject(Metadata)) return undefined;
  const isMeant = Metadata["aws:asset:property"] === property.join(".");
  return isMeant ? Metadata["aws:asset:path"] : undefined;
}

/** Without a path, the code is that of Globals, or else the template's directory. */
function impliedPath(template: JsonObject, resource: JsonObject, kind: PathKind): Json | undefined {
  if (kind !== "code" && kind !== "archive") return undefined;
  if (!/^AWS::(Lambda|Serverless)::/.test(String(resource.Type))) return undefined;
  const { InlineCode, ImageUri } = propertiesOf(resource);
  const isImage = settingOf(template, resource, "PackageType") === "Image";
  if (InlineCode !== undefined || ImageUri !== undefined || isImage) return undefined;
  return settingOf(template, resource, "CodeUri") ?? ".";
}

/** A property of a resource or, for SAM functions, its value in Globals. */
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
  return objectOf(Properties);
}

/** Whether a value is a path, and not a URL. */
function isLocal(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "" && !/^[a-z][a-z\d+.-]+:/i.test(value);
}

/** Transforms that include a file, anywhere in the template. */
function includesIn(node: Json, at: Path): readonly LocalPath[] {
  if (Array.isArray(node)) {
    return node.flatMap((item: Json, index) => includesIn(item, [...at, index]));
  }
  if (!isObject(node)) return [];
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

/** The value at a path of a template; undefined if it does not exist. */
export function valueAt(node: Json | undefined, path: Path): Json | undefined {
  let value: Json | undefined = node;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)] as Json | undefined;
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** The tree with a changed value at a path; missing objects on the way are created. */
export function withValueAt(node: Json | undefined, [key, ...rest]: Path, value: Json): Json {
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    return node.map((item: Json, at) => (at === key ? withValueAt(item, rest, value) : item));
  }
  const object = objectOf(node);
  return { ...object, [key]: withValueAt(object[key], rest, value) };
}
