import type { FunctionDefinition } from "./parts.ts";
import type { ApiDefinition, ProjectDefinition } from "./written.ts";

export type * from "./checked-project.ts";
export { fromTemplate, type TemplateDefinition } from "./from-template.ts";
export type { ModelSchema } from "./models.ts";
export type * from "./parts.ts";
export { type Reference, type ReferenceName, ref, type Value } from "./references.ts";
export type { Runtime } from "./runtimes.ts";
export type { ApiDefinition, ProjectDefinition } from "./written.ts";

/** A field with a narrower type. A mapped type, so that editors still show its description. */
type Narrowed<Definition, Field extends keyof Definition, Value> = {
  readonly [Key in keyof Pick<Definition, Field>]: Value;
};

/** `functions`, the only source for inferring names. */
type Named<Definition extends { readonly functions: unknown }, Name extends string> = Narrowed<
  Definition,
  "functions",
  Readonly<Record<Name, FunctionDefinition>>
>;

/** Prevents TypeScript from inferring names here, also before 5.4, which has no `NoInfer`. */
type Known<Name> = [Name][Name extends unknown ? 0 : never];

/**
 * `routes` with names of functions. `Used` is `string` if a name is not known at compile time, and then all
 * are accepted.
 */
type Calling<Used, Name> = {
  readonly routes: Readonly<
    Record<string, { readonly function?: string extends Used ? Used : Known<Name> }>
  >;
};

/**
 * Types the definition of one API in a config file: `export default defineApi({ … })`. The `function` of a
 * route must be one of `functions`. Checks nothing at run time; `startEmulator()` and every command check the
 * whole definition and report all errors at once.
 */
export function defineApi<Name extends string, Used extends string>(
  definition: ApiDefinition & Named<ApiDefinition, Name> & Calling<Used, Name>,
): ApiDefinition {
  return definition;
}

/** Types the definition of several APIs in a config file, as `defineApi()` does for one. */
export function defineProject<Name extends string, Used extends string>(
  definition: ProjectDefinition &
    Named<ProjectDefinition, Name> &
    Narrowed<ProjectDefinition, "apis", Readonly<Record<string, Calling<Used, Name>>>>,
): ProjectDefinition {
  return definition;
}
