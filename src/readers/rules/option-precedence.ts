import { regionFor } from "../../definition/region.ts";

type Values = Readonly<Record<string, string>>;
type Place = { readonly stackName?: string | undefined; readonly region?: string | undefined };

/** The values of a template's parameters: the command line's, else those of samconfig.toml, else those of `fromTemplate()`. */
export function chosenParameters(from: {
  readonly commandLine: Values | undefined;
  readonly samconfig: Values | undefined;
  readonly fromTemplate?: Values | undefined;
}): Values {
  return { ...from.fromTemplate, ...from.samconfig, ...from.commandLine };
}

/**
 * The name and region of a template's stack: the command line's, else those of the tool that wrote the template,
 * else those of samconfig.toml. Without a name, the stack is named after the template's directory.
 */
export function chosenPlace(
  from: {
    readonly commandLine: Place;
    readonly ownTool: Place | undefined;
    readonly samconfig: Place | undefined;
  },
  env: Readonly<Record<string, string | undefined>>,
): { readonly stackName: string | undefined; readonly region: string } {
  const { commandLine, ownTool, samconfig } = from;
  return {
    stackName: commandLine.stackName ?? ownTool?.stackName ?? samconfig?.stackName,
    region: regionFor(commandLine.region, ownTool?.region ?? samconfig?.region, env),
  };
}
