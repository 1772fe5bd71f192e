import { createRequire } from "node:module";
import type { ErrorObject, ValidateFunction } from "ajv";
import { fieldOf } from "../values/json.ts";
import { didYouMean, type Path, shown } from "./faults.ts";
import { MODEL_URL, modelNamedBy, refsIn, withRefs } from "./model-refs.ts";
import type { ModelSchema } from "./models.ts";

type Ajv = InstanceType<typeof import("ajv-draft-04").default>;
type Models = Readonly<Record<string, ModelSchema>>;

/** An error in a model's schema, and its place. */
export type SchemaFault = { readonly path: Path; readonly problem: string };

export type ModelValidator =
  | { readonly kind: "sound"; readonly validate: ValidateFunction }
  | { readonly kind: "faulty"; readonly faults: readonly SchemaFault[] };

const BASE = "https://apigateway.amazonaws.com/restapis/api/models/";

/**
 * Compiles the models of an API as JSON Schema draft 4. Loads ajv on the first call: most definitions have no
 * models. Formats are not checked.
 */
export function compileModels(models: Models): ReadonlyMap<string, ModelValidator> {
  const { default: Draft4 } = createRequire(import.meta.url)(
    "ajv-draft-04",
  ) as typeof import("ajv-draft-04");
  const ajv = new Draft4({
    allErrors: true,
    strict: false,
    logger: false,
    validateFormats: false,
    unicodeRegExp: false,
    verbose: true,
  });
  const faults = new Map<string, readonly SchemaFault[]>();
  for (const [name, schema] of Object.entries(models)) {
    const { id: _, ...rest } = withRefs(schema, absolute) as ModelSchema; // an id would change its name
    const ofRefs = faultsOfRefs(schema, models);
    const found = ofRefs.length > 0 ? ofRefs : attempt(() => added(ajv, name, rest));
    if (found.length > 0) faults.set(name, found);
  }
  return new Map(
    Object.keys(models).map((name) => [name, validatorOf(ajv, name, faults.get(name))]),
  );
}

function added(ajv: Ajv, name: string, schema: ModelSchema): readonly SchemaFault[] {
  if (ajv.validateSchema(schema) !== true) return faultsOf(ajv.errors ?? []);
  ajv.addSchema(schema, BASE + name);
  return [];
}

function validatorOf(
  ajv: Ajv,
  name: string,
  known: readonly SchemaFault[] | undefined,
): ModelValidator {
  if (known !== undefined) return { kind: "faulty", faults: known };
  try {
    return { kind: "sound", validate: ajv.getSchema(BASE + name) as ValidateFunction };
  } catch (error) {
    // the error is in a referenced model, which is reported by itself
    const isOfAnother = error instanceof Error && "missingRef" in error;
    return { kind: "faulty", faults: isOfAnother ? [] : [faultOf(error)] };
  }
}

function attempt(work: () => readonly SchemaFault[]): readonly SchemaFault[] {
  try {
    return work();
  } catch (error) {
    return [faultOf(error)];
  }
}

/** References that do not resolve. */
function faultsOfRefs(schema: ModelSchema, models: Models): readonly SchemaFault[] {
  return refsIn(schema).flatMap(([path, ref]): readonly SchemaFault[] => {
    const name = modelNamedBy(ref);
    if (name === undefined && !ref.startsWith("#")) {
      const problem = `${shown(ref)} is not a reference that API Gateway resolves. Write #/definitions/NAME, or the URL of a model: https://apigateway.amazonaws.com/restapis/API_ID/models/NAME.`;
      return [{ path, problem }];
    }
    const target = name === undefined ? schema : models[name];
    if (target === undefined) {
      const instead = didYouMean(name ?? "", Object.keys(models)) ?? ".";
      return [{ path, problem: `${shown(name)} is not the name of a model${instead}` }];
    }
    const pointer = ref.includes("#") ? ref.slice(ref.indexOf("#") + 1) : "";
    return hasPart(target, pointer)
      ? []
      : [{ path, problem: `${shown(`#${pointer}`)} is not in the schema.` }];
  });
}

function hasPart(schema: unknown, pointer: string): boolean {
  const part = pathOf(decodeURI(pointer)).reduce<unknown>(
    (value, key) => fieldOf(value, String(key)),
    schema,
  );
  return part !== undefined;
}

function absolute(ref: string): string {
  const name = modelNamedBy(ref);
  return name === undefined ? ref : BASE + name + (MODEL_URL.exec(ref)?.[2] ?? "");
}

/** The first error at each place: those of `anyOf` come after those of its branches. */
function faultsOf(errors: readonly ErrorObject[]): readonly SchemaFault[] {
  const byPlace = new Map<string, SchemaFault>();
  for (const { instancePath, data, message, params } of errors) {
    if (byPlace.has(instancePath)) continue;
    const { allowedValues } = params as { readonly allowedValues?: readonly unknown[] };
    const allowed = allowedValues === undefined ? "" : ` (${allowedValues.join(", ")})`;
    const problem = `${shown(data)} ${message}${allowed}. Models are JSON Schemas of draft 4.`;
    byPlace.set(instancePath, { path: pathOf(instancePath), problem });
  }
  return [...byPlace.values()];
}

function faultOf(error: unknown): SchemaFault {
  const { message } = error as Error;
  const other = /^no schema with key or ref "(.*)"$/.exec(message)?.[1];
  if (other === undefined) return { path: [], problem: `${message}.` };
  const problem = `${shown(other)} is not a version of JSON Schema that API Gateway accepts. Write http://json-schema.org/draft-04/schema#.`;
  return { path: ["$schema"], problem };
}

/** The keys of a JSON pointer. */
function pathOf(pointer: string): Path {
  const keys = pointer.split("/").slice(1);
  return keys.map((key) => {
    const plain = key.replaceAll("~1", "/").replaceAll("~0", "~");
    return /^\d+$/.test(plain) ? Number(plain) : plain;
  });
}
