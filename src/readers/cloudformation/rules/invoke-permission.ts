import type { PermissionsDefinition, WebSocketApiDefinition } from "../../../definition/parts.ts";
import { mapValues } from "../../../values/map-values.ts";
import { functionNamed, qualifierIn } from "./function-names.ts";
import { isFunction } from "./functions.ts";
import { missingAlias } from "./missing-alias.ts";
import type { Json } from "./origins.ts";
import { permissionsOf, type TemplateRoles } from "./role-permissions.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject, listOf } from "./tree.ts";

/** A function that API Gateway invokes for a route or an authorizer of a template. */
export type GatewayCall = {
  readonly api: Resource;
  readonly of: "authorizers" | "routes";
  /** The name of the route or authorizer in the definition. */
  readonly name: string;
  /** Its name on AWS. */
  readonly functionName: string;
  /** The alias or version that is called. */
  readonly qualifier: string | undefined;
  /** The integration or the authorizer. */
  readonly caller: Resource;
  /** Where the caller leads on the stage. */
  readonly uri: string;
  /** Of a route the stage. */
  readonly stage: string | undefined;
  /** The end of the ARN for which API Gateway calls, such as `API/STAGE/ROUTE`. */
  readonly source: string;
};

/** Why API Gateway may not make a call. */
export type Denial = {
  /** Ends a sentence that begins with the function. */
  readonly why: string;
  /** What to add to the template, in a sentence without its full stop. */
  readonly add: string;
};

export type DeniedCall = GatewayCall & { readonly denial: Denial };

/** The parts of a template that decide whether API Gateway may invoke a function. */
export type Grants = {
  readonly resources: readonly Resource[];
  readonly roles: TemplateRoles;
  readonly mayAllow: MayAllow;
  /** Placeholders for values that only AWS knows. */
  readonly madeUp: ReadonlySet<string>;
};

/** Whether a role may allow an action on a resource, given by ARN, as far as the role is known. */
export type MayAllow = (role: PermissionsDefinition, action: string, resource: string) => boolean;

/**
 * Why API Gateway may not invoke a function; undefined if it may, or if that is unknown. Conditions are not
 * evaluated.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function denialOf(call: GatewayCall, grants: Grants): Denial | undefined {
  const { resources, madeUp } = grants;
  const { api, caller, functionName, qualifier, of } = call;
  const credentials = caller.text(of === "routes" ? "CredentialsArn" : "AuthorizerCredentialsArn");
  if (credentials) return denialOfRole(credentials, call, grants);
  const fn = resources.find((each) => isFunction(each) && textOf(each.value()) === functionName);
  const isGranted = resources.some(
    (each) => each.type === "AWS::Lambda::Permission" && permits(each, call, madeUp),
  );
  if (fn === undefined) return undefined;
  const inTerraform = terraformAddress(api);
  const missing = missingAlias(fn, call, resources, inTerraform !== undefined);
  if (missing !== undefined) return missing;
  if (isGranted) return undefined;
  const source = of === "routes" ? "*" : "authorizers/*";
  const by = qualifier === undefined ? "" : ` by its alias ${qualifier}`;
  const why = `may not be invoked by API Gateway${by}`;
  if (inTerraform !== undefined) {
    const arn = `\${${inTerraform}.${inTerraform.startsWith("module.") ? "api_" : ""}execution_arn}`;
    const add = `Add an aws_lambda_permission with function_name = "${functionName}"${qualifier === undefined ? "" : `, qualifier = "${qualifier}"`}, action = "lambda:InvokeFunction", principal = "apigateway.amazonaws.com" and source_arn = "${arn}/${source}"`;
    return { why, add };
  }
  const permission = {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName:
        qualifier === undefined
          ? { Ref: fn.logicalId }
          : { "Fn::Sub": `\${${fn.logicalId}}:${qualifier}` },
      Principal: "apigateway.amazonaws.com",
      SourceArn: {
        "Fn::Sub": `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${api.logicalId}}/${source}`,
      },
    },
  };
  const id = `${fn.logicalId}For${api.logicalId}${of === "routes" ? "" : "Authorizers"}`;
  return {
    why,
    add: `Add to Resources: "${id}": ${JSON.stringify(permission)}`,
  };
}

/** The Terraform address of a resource; undefined for a template's. */
function terraformAddress(resource: Resource): string | undefined {
  const path = resource.origin()?.path ?? [];
  return path.length === 0 || path[0] === "Resources" ? undefined : path.slice(0, 2).join(".");
}

/** A permission is for one alias or version, or for the function without a qualifier. */
function permits(
  { text }: Resource,
  { functionName, qualifier, source: asked }: GatewayCall,
  madeUp: ReadonlySet<string>,
): boolean {
  const named = text("FunctionName");
  const principal = text("Principal") ?? "*";
  const source = text("SourceArn");
  return (
    (named === undefined ||
      (functionNamed(named) === functionName &&
        (text("Qualifier") ?? qualifierIn(named)) === qualifier)) &&
    (principal === "*" || SERVICE.test(principal)) &&
    /^(?:\*|lambda:(?:\*|InvokeFunction))$/.test(text("Action") ?? "*") &&
    (source === undefined ||
      [...madeUp].some((value) => source.includes(value)) ||
      covers(source, asked))
  );
}

const SERVICE = /^apigateway\.amazonaws\.com(?:\.cn)?$/;

/** Ignores account and region of an ARN: the local ones differ from the author's. */
function covers(arn: string, source: string): boolean {
  const end = arn.split(":").slice(5).join(":");
  if (end === "") return arn.endsWith("*");
  const pattern = end.replace(/[$()*+.?[\\\]^{|}]/g, (sign) =>
    sign === "*" ? ".*" : sign === "?" ? "." : `\\${sign}`,
  );
  return new RegExp(`^${pattern}$`).test(source);
}

function denialOfRole(arn: string, call: GatewayCall, grants: Grants): Denial | undefined {
  const role = grants.roles.roles.get(arn);
  return role && (denialOfTrust(role) ?? denialOfPolicies(role, arn, call, grants));
}

/** Why API Gateway may not assume a role; undefined if it may. */
export function denialOfTrust(role: Resource): Denial | undefined {
  const trust = role.property("AssumeRolePolicyDocument");
  if (!isObject(trust)) return undefined;
  const about = [trust.Statement ?? []].flat().filter(isAboutGateway);
  const isDenied = about.some(
    (each) => isObject(each) && each.Effect === "Deny" && each.Condition === undefined,
  );
  const isAllowed = about.some((each) => isObject(each) && each.Effect === "Allow");
  if (isAllowed && !isDenied) return undefined;
  const statement = {
    Effect: "Allow",
    Principal: { Service: "apigateway.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const why = `may not be invoked by API Gateway, because the trust policy of ${role.key} does not let it assume that role`;
  const add = isDenied
    ? "Remove the statement that denies it there"
    : `Add to its ${terraformAddress(role) === undefined ? "AssumeRolePolicyDocument" : "assume_role_policy"}: ${JSON.stringify(statement)}`;
  return { why, add };
}

function denialOfPolicies(
  role: Resource,
  arn: string,
  { functionName, uri }: GatewayCall,
  { resources, roles, mayAllow }: Grants,
): Denial | undefined {
  const invoked = /\/functions\/(.+?)\/invocations$/.exec(uri)?.[1];
  const fn = resources.find((each) => isFunction(each) && textOf(each.value()) === functionName);
  const action = "lambda:InvokeFunction";
  if (invoked === undefined || fn === undefined) return undefined;
  if (mayAllow(permissionsOf(arn, roles), action, invoked)) return undefined;
  const statement = {
    Effect: "Allow",
    Action: action,
    Resource:
      terraformAddress(role) !== undefined
        ? invoked
        : invoked.endsWith(`:${functionName}`)
          ? { "Fn::GetAtt": [fn.logicalId, "Arn"] }
          : { "Fn::Sub": `\${${fn.logicalId}.Arn}:*` },
  };
  return {
    why: `may not be invoked by API Gateway, because its role ${role.key} does not allow ${action} on it`,
    add: `Add to a Statement in the policies of ${role.key}: ${JSON.stringify(statement)}`,
  };
}

function isAboutGateway(statement: Json): boolean {
  if (!isObject(statement)) return false;
  const { Action: action, Principal: principal } = statement;
  const services = isObject(principal) ? [principal.Service, principal.AWS] : principal;
  const isNamed = [services]
    .flat(2)
    .some((each) => each === "*" || SERVICE.test(textOf(each) ?? ""));
  return isNamed && listOf([action ?? []].flat()).some((each) => ASSUMING.includes(String(each)));
}

const ASSUMING = ["*", "sts:*", "sts:Assume*", "sts:AssumeRole"];

/** The functions with the aliases that API Gateway calls; `keys` has their keys by their names on AWS. */
export function withAliases<Fn extends object>(
  functions: Readonly<Record<string, Fn>>,
  calls: readonly GatewayCall[],
  keys: ReadonlyMap<string, string>,
): Readonly<Record<string, Fn & { readonly aliases?: readonly string[] }>> {
  return mapValues(functions, (fn, key) => {
    const called = calls.filter(({ functionName }) => keys.get(functionName) === key);
    const qualifiers = new Set(called.flatMap(({ qualifier }) => qualifier ?? []));
    const aliases = [...qualifiers].filter((qualifier) => !/^\d+$/.test(qualifier));
    return aliases.length === 0 ? fn : { ...fn, aliases };
  });
}

/** Groups the calls that are denied for the same reason. */
export function alikeDenied(denied: readonly DeniedCall[]): readonly (readonly DeniedCall[])[] {
  const groups = new Map<string, DeniedCall[]>();
  for (const call of denied) {
    const key = `${call.api.key} ${call.of} ${call.functionName} ${call.denial.add}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()];
}

/** The APIs, with the reasons why their functions may not be invoked. */
export function withDenials(
  apis: Readonly<Record<string, WebSocketApiDefinition>>,
  denied: readonly DeniedCall[],
): Readonly<Record<string, WebSocketApiDefinition>> {
  return mapValues(apis, (api, key) => {
    const denialsOf = (of: GatewayCall["of"], name: string) =>
      denied.filter((each) => each.api.key === key && each.of === of && each.name === name);
    return {
      ...api,
      ...(api.authorizers && {
        authorizers: mapValues(api.authorizers, (authorizer, name) => {
          const [denial] = denialsOf("authorizers", name);
          return denial === undefined
            ? authorizer
            : { ...authorizer, denied: textOfDenied(denial) };
        }),
      }),
      routes: mapValues(api.routes, (route, name) => {
        const denials = denialsOf("routes", name);
        if (denials.length === 0) return route;
        const { function: fn = "", integration, ...rest } = route;
        const called =
          integration?.type === "lambda" || integration?.type === "lambda-proxy"
            ? integration
            : ({ type: "lambda-proxy", function: fn } as const);
        return { ...rest, integration: { ...called, ...denialByStage(denials, api.stages) } };
      }),
    };
  });
}

function textOfDenied({ functionName, denial }: DeniedCall): string {
  return `the function ${functionName} ${denial.why}. ${denial.add}`;
}

/** One reason where it is that of all stages. */
function denialByStage(
  denials: readonly DeniedCall[],
  stages: object,
): { readonly denied: string } | { readonly deniedAt: Readonly<Record<string, string>> } {
  const reasons = new Set(denials.map(textOfDenied));
  const [denied = ""] = reasons;
  if (reasons.size === 1 && denials.length === Object.keys(stages).length) return { denied };
  const byStage = denials.map((each) => [each.stage ?? "", textOfDenied(each)]);
  return { deniedAt: Object.fromEntries(byStage) };
}

/**
 * The APIs, with the permissions of their integrations' roles. An integration whose role API Gateway may not
 * assume calls nothing; `onDenied` receives it.
 */
export function withRoles(
  apis: Readonly<Record<string, WebSocketApiDefinition>>,
  roles: TemplateRoles,
  onDenied: (api: string, routeKey: string, denied: string) => void,
): Readonly<Record<string, WebSocketApiDefinition>> {
  return mapValues(apis, (api, key) => ({
    ...api,
    routes: mapValues(api.routes, (route, routeKey) => {
      const { integration } = route;
      if (integration?.type !== "aws" || integration.credentials === undefined) return route;
      const role = roles.roles.get(integration.credentials);
      const denial = role && denialOfTrust(role);
      if (denial === undefined) {
        const permissions = permissionsOf(integration.credentials, roles);
        return { ...route, integration: { ...integration, permissions } };
      }
      const denied = `the service ${denial.why}. ${denial.add}`;
      onDenied(key, routeKey, denied);
      return { ...route, integration: { ...integration, denied } };
    }),
  }));
}
