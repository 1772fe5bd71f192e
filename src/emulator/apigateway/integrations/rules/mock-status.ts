import { isObject, parseJson } from "../../../../values/json.ts";

/** The status of a mock that has no request template. */
export const MOCK_STATUS = 200;

/**
 * The `statusCode` that a mock's request template made: a whole number. Names without quotes are taken, as of REST APIs
 * was captured.
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
