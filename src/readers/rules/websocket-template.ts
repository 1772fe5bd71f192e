/**
 * Whether the text of a template says that it has a WebSocket API. It is a look at the words alone, so that many files
 * can be asked quickly; a template is read properly once it is chosen.
 */
export function hasWebSocketApi(text: string): boolean {
  const said = withoutComments(text);
  if (/\bAWS::Serverless::WebSocketApi\b/.test(said)) return true;
  return /\bAWS::ApiGatewayV2::Api\b/.test(said) && /\bWEBSOCKET\b/.test(said);
}

/** The local templates that a template includes or has as nested stacks, as it names them. */
export function nestedTemplates(text: string): readonly string[] {
  const named = withoutComments(text).matchAll(
    /\b(?:TemplateURL|Location)["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'{[!,}]+))/g,
  );
  const paths = [...named].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
  return [...new Set(paths.filter((path) => /\.(ya?ml|json|template)$/i.test(path)))].filter(
    (path) => !/^[a-z][a-z\d+.-]+:/i.test(path),
  );
}

/** Whether a text that is JSON is a template and not some other file. */
export function isTemplate(text: string): boolean {
  return /"(AWSTemplateFormatVersion|Resources)"\s*:/.test(text);
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, "");
}
