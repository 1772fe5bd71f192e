import { lambdaName } from "../../../definition/lambda-name.ts";
import type { LocalProject } from "../../../definition/local-project.ts";
import { partitionOf } from "../../../definition/region.ts";
import { isObject } from "../../../values/json.ts";

/** A resource's name in the definition, and the rest of the ARN after its name. */
type Named = { readonly kind: "table" | "function" | "api"; readonly key: string } & {
  readonly rest: string;
};

/** An IAM statement; its resource is an ARN or an intrinsic function. */
export type MissingStatement = {
  readonly Effect: "Allow";
  readonly Action: string;
  readonly Resource: unknown;
};

/**
 * The statement that would allow an action, ready to paste: with CloudFormation functions for a template's
 * role, with references for `roleStatements`.
 */
export function missingStatement(
  project: LocalProject,
  { action, resource }: { readonly action: string; readonly resource: string },
  form: {
    readonly isTemplate: boolean;
    readonly apiIdOf: (name: string) => string;
    readonly file?: string;
  },
): MissingStatement {
  // only the literal `{connectionId}` or a wildcard matches, never a connection's id
  const arn = resource.replace(/\{connectionId\}$/, "*");
  const named = nameIn(project, arn, form.apiIdOf);
  const isNested = form.isTemplate && named?.key.includes("-");
  const isTerraform = /\.(?:tf|tofu)$/.test(form.file ?? "");
  const Resource =
    named === undefined || isNested || isTerraform
      ? arn
      : form.isTemplate
        ? inTemplate(named)
        : inDefinition(named, partitionOf(project.region).name);
  return { Effect: "Allow", Action: action, Resource };
}

/** Where to add a statement, and the statement in that file's syntax. */
export function howToAdd(
  { Action, Resource }: MissingStatement,
  functionName: string,
  form: { readonly isTemplate: boolean; readonly file: string },
): string {
  const json = JSON.stringify({ Effect: "Allow", Action, Resource });
  if (!form.isTemplate) return `Add to roleStatements of ${functionName}: ${json}`;
  const where = `Add to a Statement in the policies of ${functionName}`;
  return /\.ya?ml$/.test(form.file)
    ? `${where}: - { Effect: Allow, Action: ${Action}, Resource: ${inYaml(Resource)} }`
    : `${where}: ${json}`;
}

/** With the short form of intrinsic functions. */
function inYaml(resource: unknown): string {
  const [name = "", argument] = isObject(resource) ? (Object.entries(resource)[0] ?? []) : [];
  const tag = name.replace("Fn::", "!");
  if (Array.isArray(argument)) return `${tag} ${argument.join(".")}`;
  return name === "" ? JSON.stringify(resource) : `${tag} ${JSON.stringify(argument)}`;
}

const ARN =
  /^arn:[^:]+:(dynamodb|lambda|execute-api):[^:]*:[^:]*:(?:table\/|function:)?([^/:]+)(.*)$/;

function nameIn(
  { tables, functions, apis }: LocalProject,
  arn: string,
  apiIdOf: (name: string) => string,
): Named | undefined {
  const [, service, name, rest = ""] = ARN.exec(arn) ?? [];
  const keyWhere = <T>(all: Readonly<Record<string, T>>, isIt: (each: T) => boolean) =>
    Object.entries(all).find(([, each]) => isIt(each))?.[0];
  const [kind, key] =
    service === "dynamodb"
      ? (["table", keyWhere(tables, (table) => table.name === name)] as const)
      : service === "lambda"
        ? (["function", keyWhere(functions, (fn) => lambdaName(fn) === name)] as const)
        : (["api", keyWhere(apis, (api) => apiIdOf(api.name) === name)] as const);
  return key === undefined ? undefined : { kind, key, rest };
}

function inTemplate({ kind, key, rest }: Named): unknown {
  if (kind === "api") {
    const place = `\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}`;
    return { "Fn::Sub": `arn:${place}:\${${key}}${rest}` };
  }
  return rest === "" ? { "Fn::GetAtt": [key, "Arn"] } : { "Fn::Sub": `\${${key}.Arn}${rest}` };
}

function inDefinition({ kind, key, rest }: Named, partition: string): unknown {
  if (kind === "api") {
    const place = [{ ref: "region" }, ":", { ref: "accountId" }, ":", { ref: `api.${key}.id` }];
    return { join: [`arn:${partition}:execute-api:`, ...place, rest] };
  }
  const arn = { ref: `${kind}.${key}.arn` };
  return rest === "" ? arn : { join: [arn, rest] };
}
