import { isObject, parseJson } from "../../../../values/json.ts";

/** The status of a mock that has no request template. */
export const MOCK_STATUS = 200;

/**
 * The `statusCode` in the output of a mock's request template, if it is an integer. Unquoted names are
 * accepted, as captured on REST APIs.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function mockStatus(text: string): number | undefined {
  const value = parseJson(text)?.value ?? parseJson(withQuotes(text))?.value;
  const status = isObject(value) ? value.statusCode : undefined;
  return typeof status === "number" && Number.isInteger(status) ? status : undefined;
}

function withQuotes(text: string): string {
  return text.replace(/([{,]\s*)([A-Za-z_]\w*)(\s*:)/g, '$1"$2"$3').replaceAll("'", '"');
}
