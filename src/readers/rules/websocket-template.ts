/**
 * Whether a template's source mentions a WebSocket API. It only scans for words, so that many files can be
 * checked quickly; the selected template is parsed.
 */
export function hasWebSocketApi(text: string): boolean {
  const said = withoutComments(text);
  if (/\bAWS::Serverless::WebSocketApi\b/.test(said)) return true;
  return /\bAWS::ApiGatewayV2::Api\b/.test(said) && /\bWEBSOCKET\b/.test(said);
}

/** The local templates that a template includes or nests, as written. */
export function nestedTemplates(text: string): readonly string[] {
  const named = withoutComments(text).matchAll(
    /\b(?:TemplateURL|Location)["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'{[!,}]+))/g,
  );
  const paths = [...named].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
  return [...new Set(paths.filter((path) => /\.(ya?ml|json|template)$/i.test(path)))].filter(
    (path) => !/^[a-z][a-z\d+.-]+:/i.test(path),
  );
}

/** Whether JSON is a template and not another file. */
export function isTemplate(text: string): boolean {
  return /"(AWSTemplateFormatVersion|Resources)"\s*:/.test(text);
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, "");
}
