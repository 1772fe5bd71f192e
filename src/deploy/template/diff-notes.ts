import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import type { Change } from "./change.ts";
import type { Json, Template } from "./model.ts";

type Bare = Omit<Change, "notes">;

/** The consequences of a change for data and clients, if its properties do not show them. */
export function notesOn(change: Bare, deployed: Template, fresh: Template): readonly string[] {
  const { id, kind, type } = change;
  switch (type) {
    case "AWS::ApiGatewayV2::Deployment":
      return kind === "added" ? ["The changes of the API go live with it."] : [];
    case "AWS::ApiGatewayV2::Stage":
      return kind === "changed" ? stageNotes(id, deployed, fresh) : [];
    case "AWS::DynamoDB::Table":
      return tableNotes(change, deployed, fresh);
    case "AWS::ApiGatewayV2::Api":
      return change.replacement === "always" || kind === "removed"
        ? ["Clients need another URL afterwards."]
        : [];
    default: {
      const policy = deployed.Resources[id]?.DeletionPolicy;
      return kind === "removed" ? kept(policy) : [];
    }
  }
}

/** Assumed: CloudFormation updates a stage by UpdateStage, which was seen to keep variables that a call leaves out. */
function stageNotes(id: string, deployed: Template, fresh: Template): readonly string[] {
  const variablesIn = (template: Template): readonly string[] => {
    const variables = template.Resources[id]?.Properties?.StageVariables;
    return isObject(variables) ? Object.keys(variables) : [];
  };
  const kept = variablesIn(deployed).filter((name) => !variablesIn(fresh).includes(name));
  return kept.length === 0
    ? []
    : [`API Gateway merges stage variables, so ${kept.join(", ")} can keep its value on AWS.`];
}

function tableNotes(change: Bare, deployed: Template, fresh: Template): readonly string[] {
  const { id, kind, replacement } = change;
  const before = deployed.Resources[id];
  if (kind === "removed") {
    const stays = kept(before?.DeletionPolicy);
    return stays.length > 0 ? stays : ["The table is deleted with all its items."];
  }
  const notes: string[] = [];
  if (replacement === "always") {
    const policy = fresh.Resources[id]?.UpdateReplacePolicy;
    notes.push(
      policy === "Retain"
        ? "The new table is empty. The old one stays in the account, outside of the stack."
        : "The new table is empty. The old one is deleted with all its items.",
    );
  }
  const next = fresh.Resources[id]?.Properties?.GlobalSecondaryIndexes;
  const moves = indexMoves(before?.Properties?.GlobalSecondaryIndexes, next);
  if (kind === "changed" && replacement !== "always" && moves > 1) {
    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
    notes.push(
      `DynamoDB creates or removes only one index per update, but there are ${moves}. Deploy them one at a time.`,
    );
  }
  return notes;
}

function kept(policy: string | undefined): readonly string[] {
  return policy?.startsWith("Retain") ? ["It stays in the account, outside of the stack."] : [];
}

/** Number of added and removed indexes; one with changed keys counts as both. */
function indexMoves(before: Json | undefined, after: Json | undefined): number {
  const old = indexesIn(before);
  const next = indexesIn(after);
  const gone = [...old].filter(([name, keys]) => next.get(name) !== keys).length;
  const made = [...next].filter(([name, keys]) => old.get(name) !== keys).length;
  return gone + made;
}

function indexesIn(value: Json | undefined): ReadonlyMap<string, string> {
  const indexes: readonly Json[] = Array.isArray(value) ? value : [];
  return new Map(
    indexes
      .filter(isObject)
      .map((index) => [String(index.IndexName), JSON.stringify(index.KeySchema)]),
  );
}
