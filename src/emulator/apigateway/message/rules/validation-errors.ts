import type { ErrorObject } from "ajv";

/**
 * The validation error of a body, worded like the validator of REST APIs
 * (`$context.error.validationErrorString`). Assumed: WebSocket APIs use the same words.
 * @see https://github.com/java-json-tools/json-schema-validator/blob/master/src/main/resources/com/github/fge/jsonschema/validator/validation.properties
 */
export function validationErrorString(errors: readonly ErrorObject[]): string {
  const messages = errors.map((error) => messageOf(error, errors));
  return `[${[...new Set(messages)].join(", ")}]`;
}

function messageOf(error: ErrorObject, all: readonly ErrorObject[]): string {
  const { keyword, params, schema, data } = error;
  switch (keyword) {
    case "required":
      return `object has missing required properties (${together(error, all, "missingProperty")})`;
    case "additionalProperties":
      return `object instance has properties which are not allowed by the schema: ${together(error, all, "additionalProperty")}`;
    case "dependencies":
      return `property "${params.property}" of object has missing property dependencies (schema requires ${sorted(Reflect.get(Object(schema), params.property))}; missing: ${together(error, all, "missingProperty")})`;
    case "type":
      return `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${allowedTypes(schema)})`;
    case "enum":
      return `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${JSON.stringify(schema)})`;
    case "minimum":
      return params.comparison === ">"
        ? `numeric instance is not strictly greater than the required minimum ${params.limit}`
        : `numeric instance is lower than the required minimum (minimum: ${params.limit}, found: ${data})`;
    case "maximum":
      return params.comparison === "<"
        ? `numeric instance is not strictly lower than the required maximum ${params.limit}`
        : `numeric instance is greater than the required maximum (maximum: ${params.limit}, found: ${data})`;
    case "multipleOf":
      return `remainder of division is not zero (${data} / ${schema})`;
    case "pattern":
      return `ECMA 262 regex "${schema}" does not match input string "${data}"`;
    case "not":
      return "instance matched a schema which it should not have";
    case "anyOf":
      return `instance failed to match at least one required schema among ${sizeOf(schema)}`;
    case "oneOf":
      return `instance failed to match exactly one schema (matched ${params.passingSchemas?.length ?? 0} out of ${sizeOf(schema)})`;
    default:
      return sizeMessage(error) ?? error.message ?? keyword;
  }
}

/** Messages about the length of a string and the number of items or properties. */
function sizeMessage({ keyword, schema, data }: ErrorObject): string | undefined {
  const found = sizeOf(data);
  switch (keyword) {
    case "minLength":
      return `string "${data}" is too short (length: ${found}, required minimum: ${schema})`;
    case "maxLength":
      return `string "${data}" is too long (length: ${found}, maximum allowed: ${schema})`;
    case "minItems":
      return `array is too short: must have at least ${schema} elements but instance has ${found} elements`;
    case "maxItems":
      return `array is too long: must have at most ${schema} elements but instance has ${found} elements`;
    case "uniqueItems":
      return "array must not contain duplicate elements";
    case "minProperties":
      return `object has too few properties (found ${found} but schema requires at least ${schema})`;
    case "maxProperties":
      return `object has too many properties (found ${found} but schema requires at most ${schema})`;
    default:
      return undefined;
  }
}

/** The names in all errors with the same keyword and object: ajv reports one error for each. */
function together(error: ErrorObject, all: readonly ErrorObject[], name: string): string {
  const same = all.filter(
    ({ instancePath, schemaPath, params }) =>
      instancePath === error.instancePath &&
      schemaPath === error.schemaPath &&
      params.property === error.params.property,
  );
  return sorted(same.map(({ params }) => params[name]));
}

function sorted(names: readonly unknown[]): string {
  return JSON.stringify([...names].sort());
}

/** `number` includes `integer`. */
function allowedTypes(schema: unknown): string {
  const types = [schema].flat();
  return sorted(types.includes("number") ? [...new Set(["integer", ...types])] : types);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (Number.isInteger(value)) return "integer";
  return typeof value;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return [...value].length;
  return Object.keys(Object(value)).length;
}
