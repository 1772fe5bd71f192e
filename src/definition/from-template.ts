import type {
  AccountLimitsDefinition,
  EsbuildDefinition,
  FunctionDefinition,
  TableDefinition,
  WebSocketApiDefinition,
} from "./parts.ts";

/** A project from a template, with its author's additions for this machine. */
export type TemplateDefinition = {
  /**
   * The CloudFormation or SAM template, or the `cdk.json` of an app, relative to the config file's directory.
   */
  readonly template: string;
  /** Values of the template's parameters; `samconfig.toml` and the command line take precedence. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** By logical id: settings for this machine only. */
  readonly apis?: Readonly<
    Record<
      string,
      Partial<Pick<WebSocketApiDefinition, "customDomain" | "domainName" | "hosts" | "identities">>
    >
  >;
  /**
   * By logical id: fields that override the template's, such as the directory of code elsewhere (`root`,
   * relative to the template's) or the program for another language (`command`). Variables are added to the
   * template's.
   */
  readonly functions?: Readonly<Record<string, Partial<FunctionDefinition>>>;
  /** By logical id: the initial items of a table. */
  readonly tables?: Readonly<Record<string, Pick<TableDefinition, "seed">>>;
  /** Limits of the account, which templates cannot contain. */
  readonly accountLimits?: AccountLimitsDefinition;
  /** URLs that answer calls of other AWS services on this machine. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** By logical id or by ID: where VPC links lead on this machine. */
  readonly vpcLinks?: Readonly<Record<string, string>>;
  /** How esbuild builds the functions' code. */
  readonly esbuild?: EsbuildDefinition;
};

/**
 * Reads the project from a template and adds to it: `export default fromTemplate("template.yaml", { … })` in
 * `wsgw.config.ts`. Names that the template lacks are errors.
 */
export function fromTemplate(
  template: string,
  additions: Omit<TemplateDefinition, "template"> = {},
): TemplateDefinition {
  return { template, ...additions };
}
