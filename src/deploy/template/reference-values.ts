import type { Value, Values } from "../../definition/references.ts";
import { getAtt, literal, ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { mapValues } from "../../values/map-values.ts";
import { functionLogicalId, tableLogicalId } from "./logical-ids.ts";
import type { Json, JsonObject } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";

/** The APIs that values may reference. */
type ReferableApis = readonly Pick<PlacedApi, "api" | "logicalId" | "stages">[];

/** The values with CloudFormation's intrinsic functions instead of references. */
export function toIntrinsics(values: Values, apis: ReferableApis): JsonObject {
  return mapValues(values, (value) => toIntrinsic(value, apis));
}

/** The CloudFormation expression for a value of `environment` or a stage variable. */
export function toIntrinsic(value: Value, apis: ReferableApis): Json {
  if (typeof value === "string") return value;
  const pieces = merged(piecesOf(value, apis));
  if (pieces.every((piece) => typeof piece === "string")) return pieces.join("");
  const text = pieces
    .map((piece) => (typeof piece === "string" ? literal(piece) : `\${${piece.name}}`))
    .join("");
  const [, only, attribute] = /^\$\{([^.}]+)(?:\.(\w+))?\}$/.exec(text) ?? [];
  if (only === undefined) return sub(text);
  return attribute === undefined ? ref(only) : getAtt(only, attribute);
}

/** Literal text, or a name as in `Fn::Sub`: `Id` or `Id.Attribute`. */
type Piece = string | { readonly name: string };

function piecesOf(value: Value, apis: ReferableApis): readonly Piece[] {
  if (typeof value === "string") return [value];
  if ("join" in value) return value.join.flatMap((part) => piecesOf(part, apis));
  return referred(value.ref, apis);
}

/** Joins neighbouring literals: a `$` before a `{` would otherwise begin a name. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === "string" && typeof last === "string") all[all.length - 1] = last + piece;
    else all.push(piece);
  }
  return all;
}

const REGION = { name: "AWS::Region" };

/** Names contain only letters, digits, `-` and `_`, and no dots. */
function referred(reference: string, apis: ReferableApis): readonly Piece[] {
  const [kind, name = "", part] = reference.split(".");
  const placed = kind === "api" ? apis.find(({ api: { key } }) => key === name) : undefined;
  if (placed !== undefined) return ofApi(placed, part);
  const id = kind === "table" ? tableLogicalId(name) : functionLogicalId(name);
  switch (reference) {
    case "region":
      return [REGION];
    case "accountId":
      return [{ name: "AWS::AccountId" }];
    case `table.${name}.name`:
    case `function.${name}.name`:
      return [{ name: id }];
    case `table.${name}.arn`:
    case `function.${name}.arn`:
      return [{ name: `${id}.Arn` }];
    default:
      throw new Error(`${reference} is not part of the project.`);
  }
}

function ofApi(
  { logicalId, stages: [{ name: stage }] }: ReferableApis[number],
  part: string | undefined,
): readonly Piece[] {
  const url = [
    { name: logicalId },
    ".execute-api.",
    REGION,
    ".",
    { name: "AWS::URLSuffix" },
    `/${stage}`,
  ];
  switch (part) {
    case "id":
      return [{ name: logicalId }];
    case "stage":
      return [stage];
    case "url":
      return ["wss://", ...url];
    case "callbackUrl":
      return ["https://", ...url];
    default:
      throw new Error(`${part} is not part of an API.`);
  }
}
