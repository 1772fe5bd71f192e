import type { ApiDefinition, ProjectDefinition } from "./written.ts";

export { fromTemplate, type TemplateDefinition } from "./from-template.ts";
export type * from "./model.ts";
export type { ModelSchema } from "./models.ts";
export type * from "./parts.ts";
export { type Reference, type ReferenceName, ref, type Value } from "./references.ts";
export type { Runtime } from "./runtimes.ts";
export type { ApiDefinition, ProjectDefinition } from "./written.ts";

/**
 * Types the definition of one API in a config file: `export default defineApi({ … })`. It checks nothing by
 * itself; `startEmulator()` and every command check the whole definition and report all faults at once.
 */
export function defineApi(definition: ApiDefinition): ApiDefinition {
  return definition;
}

/** Types the definition of several APIs in a config file, as `defineApi()` does that of one. */
export function defineProject(definition: ProjectDefinition): ProjectDefinition {
  return definition;
}
