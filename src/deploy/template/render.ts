import { type Json, type JsonObject, plainJson, sorted, type Template } from "./model.ts";

/** The usual order in templates. */
const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Transform",
  "Parameters",
  "Rules",
  "Mappings",
  "Conditions",
  "Resources",
  "Hooks",
  "Outputs",
];

/** The most important outputs come first. */
const FIRST_OUTPUTS = ["WebSocketUrl", "CallbackUrl"];

const RESOURCE_FIELDS = [
  "Type",
  "Condition",
  "DependsOn",
  "CreationPolicy",
  "DeletionPolicy",
  "UpdatePolicy",
  "UpdateReplacePolicy",
  "Metadata",
  "Properties",
];

/** The template as a string: equal templates give equal bytes, whatever the order of their parts. */
export function renderTemplate(template: Template): string {
  const sections = arranged(plainJson(template) as JsonObject, SECTIONS, (section, name) => {
    if (name === "Resources") return arranged(section, [], arrangedResource);
    return name === "Outputs" ? arranged(section, FIRST_OUTPUTS, sorted) : sorted(section);
  });
  return `${JSON.stringify(sections, undefined, 2)}\n`;
}

function arrangedResource(resource: Json): Json {
  return arranged(resource, RESOURCE_FIELDS, sorted);
}

/** The entries of an object with the given ones first and the others sorted by name. */
function arranged(
  value: Json,
  first: readonly string[],
  inner: (value: Json, name: string) => Json,
): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return sorted(value);
  const entries = value as JsonObject;
  const others = Object.keys(entries)
    .filter((name) => !first.includes(name))
    .sort();
  const names = [...first.filter((name) => Object.hasOwn(entries, name)), ...others];
  return Object.fromEntries(names.map((name) => [name, inner(entries[name] ?? null, name)]));
}
