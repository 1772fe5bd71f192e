import { expect, test } from "vitest";
import type { ProjectDefinition } from "../../../src/definition/written.ts";
import {
  addTo,
  faultsOfAdditions,
  isFromTemplate,
} from "../../../src/readers/rules/template-additions.ts";

test("a definition that names a template is that of a template", () => {
  expect(isFromTemplate({ template: "template.yaml" })).toBe(true);
  expect(isFromTemplate({ template: 1 })).toBe(false);
  expect(isFromTemplate({ name: "chat" })).toBe(false);
});

test("all fields of fromTemplate() are taken", () => {
  const additions = {
    ...{ template: "t.yaml", parameters: {}, apis: {}, functions: {}, tables: {} },
    ...{ endpoints: "anything", esbuild: "anything", $schema: "anything" },
  };

  expect(faultsOfAdditions(additions)).toEqual([]);
});

test("reports an unknown field of fromTemplate() with the similar one, or all", () => {
  expect(faultsOfAdditions({ functoins: {}, colour: "red" })).toEqual([
    [["functoins"], '"functoins" is not a field of fromTemplate(). Did you mean "functions"?'],
    [
      ["colour"],
      '"colour" is not a field of fromTemplate(). Its fields are parameters, apis, functions, tables, accountLimits, endpoints, vpcLinks, esbuild.',
    ],
  ]);
});

test.each(["apis", "functions", "tables", "parameters"])("%s is an object by names", (field) => {
  expect(faultsOfAdditions({ [field]: ["a"] })).toEqual([
    [[field], '["a"] is not an object with a value for each name.'],
  ]);
  expect(faultsOfAdditions({ [field]: undefined })).toEqual([]);
});

const DEFINITION = {
  name: "chat",
  apis: { Chat: { routeSelectionExpression: "$request.body.action", stages: {}, routes: {} } },
  functions: {
    Send: { handler: "send.handler", environment: { A: "1", B: "2" } },
    Hear: { handler: "hear.handler" },
  },
  tables: { Table: { tableName: "t" } },
} as unknown as ProjectDefinition;

test("what an author adds goes to what the template gives, by its name", () => {
  const { definition, faults } = addTo(
    DEFINITION,
    {
      template: "t.yaml",
      apis: { Chat: { hosts: ["chat.example.com"] } },
      functions: { Send: { timeout: 5, environment: { B: "3", C: "4" } } },
      tables: { Table: { seed: "seed.json" } },
      endpoints: { s3: "http://127.0.0.1:9000" },
      esbuild: { define: { X: "1" } },
    } as never,
    [],
  );

  expect(faults).toEqual([]);
  expect(definition).toEqual({
    name: "chat",
    apis: {
      Chat: {
        ...{ routeSelectionExpression: "$request.body.action", stages: {}, routes: {} },
        hosts: ["chat.example.com"],
      },
    },
    functions: {
      Send: { handler: "send.handler", timeout: 5, environment: { A: "1", B: "3", C: "4" } },
      Hear: { handler: "hear.handler" },
    },
    tables: { Table: { tableName: "t", seed: "seed.json" } },
    endpoints: { s3: "http://127.0.0.1:9000" },
    esbuild: { define: { X: "1" } },
  });
});

test("a template without tables, endpoints and settings stays without them", () => {
  const { tables: _, ...others } = DEFINITION;
  const { definition, faults } = addTo(others, { template: "t.yaml" }, []);

  expect(faults).toEqual([]);
  expect(Object.keys(definition)).toEqual(["name", "apis", "functions"]);
});

test("an addition to what the template does not have is a fault that says what it has", () => {
  const { tables: _, ...others } = DEFINITION;
  const { faults } = addTo(
    others,
    {
      template: "t.yaml",
      apis: { Chatt: {} },
      functions: { Image: {}, Talk: {}, Imagine: {}, Other: {} },
      tables: { Table: {} },
    } as never,
    [
      { key: "Image", name: "stack-Image", why: "is an image", isInS3: false },
      { key: "Imagin", name: "stack-Imagin", why: "is inline", isInS3: false },
    ],
  );

  expect(faults).toEqual([
    [["apis", "Chatt"], '"Chatt" is not among the apis of the template. Did you mean "Chat"?'],
    [
      ["functions", "Image"],
      "the function is an image. To serve it, set the directory of its code as `root`, or the program that runs it as `command`.",
    ],
    [
      ["functions", "Talk"],
      '"Talk" is not among the functions of the template. It has Send, Hear, Image, Imagin.',
    ],
    [
      ["functions", "Imagine"],
      '"Imagine" is not among the functions of the template. Did you mean "Imagin"?',
    ],
    [
      ["functions", "Other"],
      '"Other" is not among the functions of the template. It has Send, Hear, Image, Imagin.',
    ],
    [["tables", "Table"], '"Table" is not among the tables of the template. It has none.'],
  ]);
});
