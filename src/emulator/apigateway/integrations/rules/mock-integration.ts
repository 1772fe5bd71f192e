import { isObject, parseJson } from "../../../../values/json.ts";
import { failed, type IntegrationFailure } from "./integration-end.ts";
import type { BackendAnswer } from "./integration-response.ts";

/** The output of a mock that has no request template. */
export const BARE_OUTPUT = '{"statusCode":200}';

/** The answer of a mock, which calls nothing: its output contains the status. */
export function mockAnswer(output: string): BackendAnswer | IntegrationFailure {
  const statusCode = mockStatus(output);
  if (statusCode === undefined) {
    return failed(
      500,
      "Unable to parse statusCode. It should be an integer that is defined in the request template.",
    );
  }
  return { statusCode, headers: {}, body: new Uint8Array() };
}

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
