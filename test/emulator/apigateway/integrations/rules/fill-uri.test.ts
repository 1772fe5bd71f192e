import { expect, test } from "vitest";
import { fillUri } from "../../../../../src/emulator/apigateway/integrations/rules/fill-uri.ts";

test.each([
  ["http://${stageVariables.host}/{id}", "http://h.example/a%20b%2F"],
  ["http://${stageVariables.none}/{none}", "http://${stageVariables.none}/{none}"],
  ["http://${stageVariables.toString}/{toString}", "http://${stageVariables.toString}/{toString}"],
  [
    "{id}/{id}/${stageVariables.host}${stageVariables.host}",
    "a%20b%2F/a%20b%2F/h.exampleh.example",
  ],
])("the URI %s becomes %s", (uri, filled) => {
  expect(fillUri(uri, { host: "h.example" }, { id: "a b/" })).toBe(filled);
});

test("a URI without variables and parameters stays as it is", () => {
  expect(fillUri("http://${stageVariables.host}/{id}")).toBe("http://${stageVariables.host}/{id}");
});
