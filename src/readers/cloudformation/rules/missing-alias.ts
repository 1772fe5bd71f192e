import { functionNamed } from "./function-names.ts";
import type { Resource } from "./stack.ts";

/**
 * Says that a function lacks the alias that is called, and what to add. Any version may exist, because AWS
 * creates them; so may any alias of a function whose aliases are created elsewhere.
 */
export function missingAlias(
  fn: Resource,
  called: { readonly functionName: string; readonly qualifier: string | undefined },
  resources: readonly Resource[],
  isTerraform: boolean,
): { readonly why: string; readonly add: string } | undefined {
  const { functionName, qualifier } = called;
  if (qualifier === undefined || /^\d+$/.test(qualifier)) return undefined;
  const aliases = resources.filter(
    ({ type, text }) =>
      type === "AWS::Lambda::Alias" && functionNamed(text("FunctionName") ?? "") === functionName,
  );
  const isDeclared = aliases.some(({ text }) => text("Name") === qualifier);
  if (aliases.length === 0 || isDeclared) return undefined;
  const why = `has no alias ${qualifier}`;
  if (isTerraform) return { why, add: `Add an aws_lambda_alias with name = "${qualifier}"` };
  const Properties = {
    FunctionName: { Ref: fn.logicalId },
    FunctionVersion: "$LATEST",
    Name: qualifier,
  };
  const alias = { Type: "AWS::Lambda::Alias", Properties };
  const id = `${fn.logicalId}Alias${qualifier.replaceAll(/\W/g, "")}`;
  return { why, add: `Add to Resources: "${id}": ${JSON.stringify(alias)}` };
}
