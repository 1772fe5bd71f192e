import { isObject } from "../../../values/json.ts";
import { mapValues } from "../../../values/map-values.ts";

/** An item in DynamoDB JSON: `{"id":{"S":"a"}}`. */
export type ItemJson = Readonly<Record<string, AttributeJson>>;
export type AttributeJson = Readonly<Record<string, unknown>>;

const TYPES: ReadonlySet<string> = new Set([
  "S",
  "N",
  "B",
  "BOOL",
  "NULL",
  "L",
  "M",
  "SS",
  "NS",
  "BS",
]);

/**
 * Parses an item in plain JSON, or as `{"Item":{"id":{"S":"a"}}}` like DynamoDB's exports, which supports
 * sets and bytes. Undefined if it is not an object.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function readItem(written: unknown): ItemJson | undefined {
  if (!isObject(written)) return undefined;
  const names = Object.keys(written);
  if (names.length === 1 && names[0] === "Item" && isItemJson(written.Item)) return written.Item;
  return mapValues(written, toAttribute);
}

/** The plain JSON of an item; DynamoDB JSON below `Item` if plain JSON cannot represent it. */
export function writeItem(item: ItemJson): unknown {
  const names = Object.keys(item);
  const plain = Object.values(item).every(isPlain);
  const mistakable = names.length === 1 && names[0] === "Item";
  return plain && !mistakable ? mapValues(item, toPlain) : { Item: item };
}

/** Whether a value is an item in DynamoDB JSON. */
function isItemJson(value: unknown): value is ItemJson {
  return isObject(value) && Object.values(value).every(isAttribute);
}

function toAttribute(value: unknown): AttributeJson {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: isObject(value) ? mapValues(value, toAttribute) : {} };
}

function toPlain(attribute: AttributeJson): unknown {
  const [[type, value] = ["NULL", true]] = Object.entries(attribute);
  switch (type) {
    case "N":
      return Number(value);
    case "NULL":
      return null;
    case "L":
      return Array.isArray(value) ? value.map((each) => toPlain(each as AttributeJson)) : [];
    case "M":
      return mapValues(value as ItemJson, (each) => toPlain(each as AttributeJson));
    default:
      return value;
  }
}

/** Whether plain JSON represents an attribute without loss. */
function isPlain(attribute: AttributeJson): boolean {
  const [[type, value] = ["", undefined]] = Object.entries(attribute);
  switch (type) {
    case "S":
    case "BOOL":
    case "NULL":
      return true;
    case "N":
      return String(Number(value)) === value;
    case "L":
      return Array.isArray(value) && value.every((each) => isPlain(each as AttributeJson));
    case "M":
      return (
        isObject(value) && Object.values(value).every((each) => isPlain(each as AttributeJson))
      );
    default:
      return false;
  }
}

function isAttribute(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [type = "", ...more] = Object.keys(value);
  return more.length === 0 && TYPES.has(type);
}
