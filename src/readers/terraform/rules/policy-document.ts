import type { Json } from "../../cloudformation/rules/origins.ts";
import { ELSEWHERE, type Entries, isEntries, isList, plain, textOf, type Value } from "./values.ts";
import type { WrittenResource } from "./written-resource.ts";

/** The JSON of `aws_iam_policy_document`. */
export function policyDocument(data: WrittenResource): string {
  const sources = ["source_policy_documents", "override_policy_documents"].flatMap((name) =>
    itemsOf(data.written(name)),
  );
  const earlier = sources.flatMap((source) => statementsIn(textOf(source)));
  const own = itemsOf(data.written("statement")).filter(isEntries).map(statementOf);
  const byId = new Map<unknown, Entries>();
  for (const statement of [...earlier, ...own]) byId.set(statement.Sid ?? statement, statement);
  return JSON.stringify({ Version: "2012-10-17", Statement: [...byId.values()] });
}

function itemsOf(value: Value | undefined): readonly Value[] {
  const known = value === undefined ? null : plain(value);
  return isList(known) ? known : known === null ? [] : [known];
}

function statementsIn(json: string): readonly Entries[] {
  const document = JSON.parse(json) as Value; // the attribute accepts only a policy
  return isEntries(document) ? itemsOf(document.Statement).filter(isEntries) : [];
}

function statementOf(block: Entries): Entries {
  const conditions = itemsOf(block.condition).filter(isEntries);
  const byTest = new Map<string, Entries>();
  for (const { test = "", variable = "", values = [] } of conditions) {
    byTest.set(textOf(test), { ...byTest.get(textOf(test)), [textOf(variable)]: values });
  }
  const given: Entries = {
    Sid: block.sid || null,
    Effect: block.effect ?? "Allow",
    Action: block.actions ?? null,
    NotAction: block.not_actions ?? null,
    Resource: block.resources ?? null,
    NotResource: block.not_resources ?? null,
    Principal: principalsOf(block.principals),
    NotPrincipal: principalsOf(block.not_principals),
    Condition: byTest.size === 0 ? null : Object.fromEntries(byTest),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function principalsOf(blocks: Value | undefined): Value {
  const all = itemsOf(blocks).filter(isEntries);
  if (all.length === 0) return null;
  if (all.some(({ type }) => type === "*")) return "*";
  return Object.fromEntries(
    all.map(({ type = "", identifiers = [] }) => [textOf(type), identifiers]),
  );
}

/** A policy whose statements are unknown here: its permissions are not checked. */
export function hiddenPolicy(why: string): Exclude<Json, string> {
  const Resource = `${ELSEWHERE}${why}}}`;
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource }] };
}
