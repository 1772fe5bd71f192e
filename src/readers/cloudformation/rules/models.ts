import { type Path, shown } from "../../../definition/faults.ts";
import type { ModelSchema } from "../../../definition/models.ts";
import type { ProjectRouteDefinition } from "../../../definition/parts.ts";
import { parseJson } from "../../../values/json.ts";
import type { Json, Origins } from "./origins.ts";
import type { TemplatePlaces } from "./places.ts";
import type { Report } from "./report.ts";
import type { Resource } from "./stack.ts";
import { isObject } from "./tree.ts";

type Surroundings = {
  readonly origins: Origins;
  readonly places: TemplatePlaces;
  readonly report: Report;
};

/** The models of an API by name. The definition's own checks validate their schemas. */
export function modelsOf(
  resources: readonly Resource[],
  path: Path,
  { origins, places, report }: Surroundings,
): Readonly<Record<string, ModelSchema>> {
  const models = resources.map((model) => {
    const at = [...path, "models", model.text("Name") ?? ""];
    const schema = schemaOf(model, report);
    places.note(at, model.origin("Schema"));
    noteParts(at, schema, origins, places);
    return [model.text("Name") ?? "", schema] as const;
  });
  return Object.fromEntries(models);
}

/** CloudFormation takes a schema as an object or as JSON in a string. */
function schemaOf(model: Resource, report: Report): ModelSchema {
  const written = model.property("Schema");
  const schema = typeof written === "string" ? parseJson(written)?.value : written;
  if (isObject(schema)) return schema;
  const problem =
    typeof written === "string"
      ? `${shown(written)} is not JSON of an object. Write the schema as an object.`
      : `${written === undefined ? "is missing" : `${shown(written)} is not a JSON Schema`}. Write an object.`;
  report({ severity: "error", origin: model.origin("Schema"), problem });
  return {};
}

/** Notes the places of a schema's parts, so that an error points to its line. */
function noteParts(path: Path, value: unknown, origins: Origins, places: TemplatePlaces): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    const at = [...path, key];
    places.note(at, origins.of(value, key));
    noteParts(at, part, origins, places);
  }
}

/** The models of a route. The definition's checks report values that are not strings. */
export function requestModelsOf(
  route: Resource,
  path: Path,
  places: TemplatePlaces,
): Pick<ProjectRouteDefinition, "modelSelectionExpression" | "requestModels"> {
  const expression = route.text("ModelSelectionExpression");
  const models = route.property("RequestModels");
  places.note([...path, "modelSelectionExpression"], route.origin("ModelSelectionExpression"));
  places.note([...path, "requestModels"], route.origin("RequestModels"));
  return {
    ...(expression !== undefined && { modelSelectionExpression: expression }),
    ...(isNotEmpty(models) && { requestModels: models as Readonly<Record<string, string>> }),
  };
}

function isNotEmpty(models: Json | undefined): boolean {
  return models !== undefined && !(isObject(models) && Object.keys(models).length === 0);
}
