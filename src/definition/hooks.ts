import type { Api } from "./project.ts";

/** Code of an author's own that runs during a deployment, in this order. Each may be async. */
export type DeployHooks = {
  readonly beforeBundle?: BeforeBundle;
  readonly afterBundle?: AfterBundle;
  readonly template?: ChangeTemplate;
};

/** Runs before any code is read: the place to generate some. */
export type BeforeBundle = (about: {
  readonly api: Api;
  /** Folder of the definition. */
  readonly root: string;
}) => void | Promise<void>;

/**
 * Runs for each function when its code is bundled and not yet zipped. The files that it returns, by
 * path, are added to the zip, in place of those of the same path; undefined as contents takes one out.
 */
export type AfterBundle = (about: {
  readonly api: Api;
  readonly root: string;
  readonly functionName: string;
  /** Paths in the zip. */
  readonly files: readonly string[];
}) => ChangedFiles | Promise<ChangedFiles>;

type ChangedFiles = Readonly<Record<string, string | Uint8Array | undefined>> | undefined;

/**
 * Runs on the template before it is checked. Returns the one to deploy, which may be the one that it
 * was given, changed in place.
 */
export type ChangeTemplate = (
  template: HookTemplate,
  about: { readonly api: Api; readonly root: string; readonly buildId: string },
) => HookTemplate | Promise<HookTemplate>;

/** A CloudFormation template, free to be changed. */
export type HookTemplate = {
  Resources: Record<string, HookResource>;
  Outputs?: Record<string, unknown>;
  Parameters?: Record<string, unknown>;
  [section: string]: unknown;
};

/** One resource of a template. */
export type HookResource = {
  Type: string;
  Properties?: Record<string, unknown>;
  [attribute: string]: unknown;
};
