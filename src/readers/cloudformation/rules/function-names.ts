/**
 * The function of an ARN, an integration URI or a bare name, ignoring version and alias; undefined if it
 * contains none.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html `IntegrationUri`
 */
export function functionNamed(text: string): string | undefined {
  const inUri = /\/functions\/(.+?)\/invocations$/.exec(text)?.[1];
  const named = inUri ?? text;
  const inArn = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(named)?.[1];
  if (inArn !== undefined) return inArn;
  if (named.startsWith("arn:") || /[/\s]/.test(named)) return undefined;
  return /^(?:\d{12}:(?:function:)?)?([\w-]+)(?::[\w$-]+)?$/.exec(named)?.[1];
}

/** The alias or version in a function's ARN, URI or name; undefined if it contains none, or `$LATEST`. */
export function qualifierIn(text: string): string | undefined {
  const named = /\/functions\/(.+?)\/invocations$/.exec(text)?.[1] ?? text;
  const qualifier =
    /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+:(.+)$/.exec(named)?.[1] ??
    /^(?:\d{12}:(?:function:)?)?[\w-]+:([\w$-]+)$/.exec(named)?.[1];
  return qualifier === "$LATEST" || qualifier === "function" ? undefined : qualifier;
}
