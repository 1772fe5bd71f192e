import { didYouMean } from "../../definition/faults.ts";
import { circlesIn } from "../../values/circles.ts";
import { fault, type TemplateFault } from "./faults.ts";
import type { Template } from "./model.ts";
import { attributesOf } from "./resource-types.ts";
import { type Reference, referencesIn } from "./template-references.ts";

/** Finds unresolved references, and circular ones. */
export function checkReferences(template: Template): readonly TemplateFault[] {
  const references = referencesIn(template);
  return [
    ...references.flatMap((reference) => {
      const problem = problemOf(reference, template);
      return problem === undefined ? [] : [fault(reference.from, reference.path, problem)];
    }),
    ...circles(template, references),
  ];
}

function problemOf(reference: Reference, template: Template): string | undefined {
  const { kind, to, attribute } = reference;
  const resources = Object.keys(template.Resources);
  const parameters = Object.keys(template.Parameters ?? {});
  const conditions = Object.keys(template.Conditions ?? {});
  switch (kind) {
    case "Ref":
      return nowhere(to, "is neither a resource nor a parameter", [...resources, ...parameters]);
    case "DependsOn":
      return nowhere(to, "is not a resource", resources);
    case "Condition":
      return nowhere(to, "is not a condition", conditions);
    case "GetAtt":
      return (
        nowhere(to, "is not a resource", resources) ??
        attributeProblem(template, to, attribute ?? "")
      );
    default:
      return kind satisfies never;
  }
}

function nowhere(id: string, problem: string, ids: readonly string[]): string | undefined {
  if (ids.includes(id)) return undefined;
  return `"${id}" ${problem} of this template${didYouMean(id, ids) ?? "."}`;
}

function attributeProblem(template: Template, id: string, attribute: string): string | undefined {
  const type = template.Resources[id]?.Type ?? "";
  const attributes = attributesOf(type);
  if (attributes === undefined || attribute === "" || attributes.includes(attribute)) {
    return attribute === "" ? `"${id}" is used without an attribute.` : undefined;
  }
  const has = `. It has ${attributes.join(", ") || "none"}.`;
  return `"${attribute}" is not an attribute of ${type}${didYouMean(attribute, attributes) ?? has}`;
}

/** Each circle once, reported at the first of its resources. */
function circles(template: Template, references: readonly Reference[]): readonly TemplateFault[] {
  const edges = references.filter(
    ({ to, section, kind }) =>
      section === "Resources" && kind !== "Condition" && template.Resources[to] !== undefined,
  );
  const inOrder = edges.toSorted(
    (left, right) => Number(left.from > right.from) - Number(left.from < right.from),
  );
  return circlesIn(inOrder).map(circle);
}

function circle(way: readonly Reference[]): TemplateFault {
  const [first] = way;
  const ids = [...way.map(({ from }) => from), first?.from ?? ""];
  return fault(
    first?.from ?? "",
    first?.path ?? "",
    `these resources depend on each other in a circle: ${ids.join(" -> ")}.`,
  );
}
