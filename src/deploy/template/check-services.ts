import { shown } from "../../definition/faults.ts";
import { isIntrinsic } from "./check-properties.ts";
import { fault, pathOf, type TemplateFault } from "./faults.ts";
import { isJsonObject, type Json, type JsonObject, type Template } from "./model.ts";

/** Rules of DynamoDB, IAM and Lambda that no schema has. */
export function checkServices(template: Template): readonly TemplateFault[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    switch (Type) {
      case "AWS::DynamoDB::Table":
        return checkTable(id, Properties);
      case "AWS::IAM::Role":
        return checkRole(id, Properties);
      case "AWS::IAM::Policy":
      case "AWS::IAM::ManagedPolicy":
        return checkPolicy(id, "PolicyDocument", Properties.PolicyDocument, false);
      default:
        return [];
    }
  });
}

/**
 * Key attributes are defined and nothing else is; capacity is there where it is paid for.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
function checkTable(id: string, table: JsonObject): readonly TemplateFault[] {
  const indexes = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"].flatMap((name) =>
    objectsIn(table[name]).map((index, at) => [pathOf(name, at), index, name] as const),
  );
  const keys = [["", table] as const, ...indexes].flatMap(([path, owner]) =>
    objectsIn(owner.KeySchema).map(
      (key, at) => [pathOf(pathOf(path, "KeySchema"), at), key.AttributeName] as const,
    ),
  );
  const defined = objectsIn(table.AttributeDefinitions).map((entry) => entry.AttributeName);
  const used = new Set(keys.map(([, name]) => name));

  const undefinedKeys = keys
    .filter(([, name]) => !defined.includes(name))
    .map(([path, name]) =>
      fault(id, `${path}.AttributeName`, `${shown(name)} is not in AttributeDefinitions.`),
    );
  const unusedAttributes = defined.flatMap((name, at) =>
    used.has(name)
      ? []
      : [
          fault(
            id,
            `${pathOf("AttributeDefinitions", at)}.AttributeName`,
            `${shown(name)} is no key of the table or of an index; DynamoDB defines no other attributes.`,
          ),
        ],
  );
  const owners = [
    ["", table] as const,
    ...indexes.flatMap(([path, index, name]) =>
      name === "GlobalSecondaryIndexes" ? [[path, index] as const] : [],
    ),
  ];
  return [...undefinedKeys, ...unusedAttributes, ...checkCapacity(id, table, owners)];
}

function checkCapacity(
  id: string,
  table: JsonObject,
  owners: readonly (readonly [string, JsonObject])[],
): readonly TemplateFault[] {
  const mode = table.BillingMode ?? "PROVISIONED"; // DynamoDB's default
  if (typeof mode !== "string") return [];
  return owners.flatMap(([path, owner]) => {
    const place = pathOf(path, "ProvisionedThroughput");
    const has = owner.ProvisionedThroughput !== undefined;
    if (mode === "PROVISIONED" && !has) {
      return [fault(id, place, "is missing; a table with BillingMode PROVISIONED must have it.")];
    }
    if (mode === "PAY_PER_REQUEST" && has) {
      return [fault(id, place, "does not go with BillingMode PAY_PER_REQUEST.")];
    }
    return [];
  });
}

function checkRole(id: string, role: JsonObject): readonly TemplateFault[] {
  return [
    ...checkPolicy(id, "AssumeRolePolicyDocument", role.AssumeRolePolicyDocument, true),
    ...objectsIn(role.Policies).flatMap((policy, at) =>
      checkPolicy(id, `Policies[${at}].PolicyDocument`, policy.PolicyDocument, false),
    ),
  ];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
function checkPolicy(
  id: string,
  path: string,
  document: Json | undefined,
  isTrust: boolean,
): readonly TemplateFault[] {
  if (!isJsonObject(document) || isIntrinsic(document)) return [];
  const { Statement, Version } = document;
  const faults: TemplateFault[] = [];
  if (Version !== undefined && !["2012-10-17", "2008-10-17"].includes(String(Version))) {
    faults.push(fault(id, `${path}.Version`, `${shown(Version)} is no version of IAM's language.`));
  }
  if (Statement === undefined) faults.push(fault(id, `${path}.Statement`, "is missing."));
  const isList = Array.isArray(Statement);
  const statements: readonly Json[] = isList ? Statement : [Statement ?? null];
  for (const [index, statement] of statements.entries()) {
    const place = isList ? `${path}.Statement[${index}]` : `${path}.Statement`;
    if (!isJsonObject(statement) || isIntrinsic(statement)) continue;
    for (const [name, problem] of statementProblems(statement, isTrust)) {
      faults.push(fault(id, pathOf(place, name), problem));
    }
  }
  return faults;
}

const STATEMENT = new Set(
  "Sid Effect Action NotAction Resource NotResource Condition Principal NotPrincipal".split(" "),
);

function statementProblems(
  statement: JsonObject,
  isTrust: boolean,
): readonly (readonly [string, string])[] {
  const { Effect } = statement;
  const problems: (readonly [string, string])[] = [];
  for (const name of Object.keys(statement)) {
    if (!STATEMENT.has(name)) problems.push([name, "is no element of a statement of IAM."]);
  }
  if (!isIntrinsic(Effect) && Effect !== "Allow" && Effect !== "Deny") {
    const is = Effect === undefined ? "is missing; give" : `${shown(Effect)} is not`;
    problems.push(["Effect", `${is} Allow or Deny.`]);
  }
  const needed = ["Action", isTrust ? "Principal" : "Resource"];
  const refused = isTrust ? "Resource" : "Principal";
  for (const name of needed) {
    if (statement[name] === undefined && statement[`Not${name}`] === undefined) {
      problems.push([name, "is missing; the statement must have it."]);
    }
  }
  if (statement[refused] !== undefined) {
    problems.push([refused, `does not go into a policy ${isTrust ? "of trust" : "of a role"}.`]);
  }
  return problems;
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
