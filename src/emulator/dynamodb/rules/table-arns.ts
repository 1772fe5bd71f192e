import { type DynamoDbRejection, modelled } from "./rejections.ts";

type Input = Readonly<Record<string, unknown>>;

/** A call with table names instead of ARNs. */
export type NamedCall =
  | {
      readonly kind: "named";
      readonly input: Input;
      /** Restores the ARNs that the response must repeat. */
      readonly restore: ((answer: string) => string) | undefined;
    }
  | { readonly kind: "rejected"; readonly rejection: DynamoDbRejection };

const ARN = /^arn:[\w-]+:dynamodb:([\w-]*):(\d*):table\/([^/]+)$/;
/** Members of a response whose keys are tables. */
const BY_TABLE = ["Responses", "UnprocessedKeys", "UnprocessedItems"];

/**
 * Replaces table ARNs with names wherever a call accepts both. The ARN of another region or account refers to
 * a table that does not exist here.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html TableName
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html RequestItems
 */
export function nameTables(input: Input, region: string, accountId: string): NamedCall {
  const { TableName: table, RequestItems: items } = input;
  const byArn =
    typeof items === "object" && items !== null
      ? Object.keys(items).filter((key) => key.startsWith("arn:"))
      : [];
  const isByArn = typeof table === "string" && table.startsWith("arn:");
  if (!isByArn && byArn.length === 0) return { kind: "named", input, restore: undefined };

  const names = new Map<string, string>();
  for (const arn of isByArn ? [table] : byArn) {
    const [, itsRegion, account, name] = ARN.exec(arn) ?? [];
    if (name === undefined) continue; // the store reports the invalid name
    if (itsRegion !== region || account !== accountId)
      return { kind: "rejected", rejection: ELSEWHERE };
    names.set(arn, name);
  }
  if (isByArn) {
    return {
      kind: "named",
      input: { ...input, TableName: names.get(table) ?? table },
      restore: undefined,
    };
  }
  return {
    kind: "named",
    input: { ...input, RequestItems: renamed(items, names) },
    restore: (answer) => restored(answer, names),
  };
}

const ELSEWHERE = modelled("ResourceNotFoundException", "Requested resource not found");

function renamed(record: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof record !== "object" || record === null) return record;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [names.get(name) ?? name, value]),
  );
}

function restored(answer: string, names: ReadonlyMap<string, string>): string {
  const arns = new Map([...names].map(([arn, name]) => [name, arn]));
  const parsed: Record<string, unknown> = JSON.parse(answer);
  for (const member of BY_TABLE) {
    if (Object.hasOwn(parsed, member)) parsed[member] = renamed(parsed[member], arns);
  }
  return JSON.stringify(parsed);
}
