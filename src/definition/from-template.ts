import type {
  AccountLimitsDefinition,
  EsbuildDefinition,
  FunctionDefinition,
  TableDefinition,
  WebSocketApiDefinition,
} from "./parts.ts";

/** A project whose template says most, and what its author adds for this machine. */
export type TemplateDefinition = {
  /** The template of CloudFormation or SAM, or the `cdk.json` of an app, from the folder of the config file. */
  readonly template: string;
  /** Values of the template's parameters; those of `samconfig.toml` and the command line win over them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** By logical id: settings for this machine only. */
  readonly apis?: Readonly<
    Record<
      string,
      Partial<Pick<WebSocketApiDefinition, "customDomain" | "domainName" | "hosts" | "identities">>
    >
  >;
  /**
   * By logical id: fields in place of the template's, such as the folder of code that lies elsewhere (`root`, from the
   * folder of the template) or what runs a function in another language (`command`). Variables are added to the template's.
   */
  readonly functions?: Readonly<Record<string, Partial<FunctionDefinition>>>;
  /** By logical id: what a table holds when it is made. */
  readonly tables?: Readonly<Record<string, Pick<TableDefinition, "seed">>>;
  /** Limits of the account, which no template has. */
  readonly accountLimits?: AccountLimitsDefinition;
  /** Who answers calls of other AWS services on this machine. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** How esbuild builds the functions' code. */
  readonly esbuild?: EsbuildDefinition;
};

/**
 * Reads the project from a template and adds to it: `export default fromTemplate("template.yaml", { … })` in
 * `wsgw.config.ts`. What it names and the template lacks is a fault.
 */
export function fromTemplate(
  template: string,
  additions: Omit<TemplateDefinition, "template"> = {},
): TemplateDefinition {
  return { template, ...additions };
}
