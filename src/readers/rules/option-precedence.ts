import { regionFor } from "../../definition/region.ts";

type Values = Readonly<Record<string, string>>;
type Place = { readonly stackName?: string | undefined; readonly region?: string | undefined };

/** Where a template's options may be set. */
type Sources = {
  readonly commandLine: Place;
  readonly ownTool: Place | undefined;
  readonly samconfig: Place | undefined;
};

/**
 * The values of a template's parameters: the command line's, else those of samconfig.toml, else those of
 * `fromTemplate()`.
 */
export function chosenParameters(from: {
  readonly commandLine: Values | undefined;
  readonly samconfig: Values | undefined;
  readonly fromTemplate?: Values | undefined;
}): Values {
  return { ...from.fromTemplate, ...from.samconfig, ...from.commandLine };
}

/**
 * The name of a template's stack: the command line's, else that of the tool that wrote the template, else that of
 * samconfig.toml. Undefined without one; the caller decides.
 */
export function chosenStackName(from: Sources): string | undefined {
  const { commandLine, ownTool, samconfig } = from;
  return commandLine.stackName ?? ownTool?.stackName ?? samconfig?.stackName;
}

/** The name of the stack, and its region in the same order, else that of the environment. */
export function chosenPlace(
  from: Sources,
  env: Readonly<Record<string, string | undefined>>,
): { readonly stackName: string | undefined; readonly region: string } {
  const { commandLine, ownTool, samconfig } = from;
  const region = regionFor(commandLine.region, ownTool?.region ?? samconfig?.region, env);
  return { stackName: chosenStackName(from), region };
}
