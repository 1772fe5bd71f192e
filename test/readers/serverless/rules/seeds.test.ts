import { expect, test } from "vitest";
import {
  type Json,
  type JsonObject,
  Origins,
} from "../../../../src/readers/cloudformation/rules/origins.ts";
import { withSeeds } from "../../../../src/readers/serverless/rules/seeds.ts";

const ORIGINS = new Origins();
const TABLES: JsonObject = {
  Resources: {
    Rooms: { Type: "AWS::DynamoDB::Table", Properties: { TableName: "rooms" }, Metadata: { a: 1 } },
    Other: { Type: "AWS::DynamoDB::Table", Properties: { TableName: "other" } },
    Text: "none",
  },
};
const SEED = {
  all: {
    sources: [{ table: "rooms", sources: ["./a.json", "././b.json", 7] }, { table: 7 }, "no"],
  },
  more: { sources: { table: "rooms", sources: "c.json" } },
};
const seedsOf = (custom: JsonObject) => {
  const { Resources } = withSeeds(TABLES, custom, ORIGINS);
  return Object.values((Resources as JsonObject).Rooms as JsonObject).at(-1);
};

test.each<[Json, readonly string[]]>([
  [true, ["a.json", "b.json", "c.json"]],
  ["all", ["a.json", "b.json"]],
  ["other, more", ["c.json"]],
])("start.seed: %j adds the files %j to a table", (seed, files) => {
  const settings = { seed: SEED, start: { seed } };

  expect(seedsOf({ "serverless-dynamodb": settings })).toMatchObject({ a: 1 });
  expect(Object.values(seedsOf({ "serverless-dynamodb": settings }) as JsonObject)).toEqual([
    1,
    files,
  ]);
  expect(Object.values(seedsOf({ dynamodb: settings }) as JsonObject)).toEqual([1, files]);
});

test("tables without seeds stay as they are", () => {
  const settings = { seed: SEED, start: { seed: true } };
  const { Resources } = withSeeds(TABLES, { dynamodb: settings }, ORIGINS);
  const { Other, Text } = TABLES.Resources as JsonObject;

  expect(Resources).toMatchObject({ Other, Text });
  expect(withSeeds(TABLES, { dynamodb: { seed: SEED } }, ORIGINS)).toBe(TABLES);
  expect(withSeeds(TABLES, {}, ORIGINS)).toBe(TABLES);
});
