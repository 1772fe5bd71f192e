import { expect, test } from "vitest";
import {
  readTables,
  readUnservedOfTables,
} from "../../../../src/readers/cloudformation/rules/tables.ts";
import { stackOf } from "./stacks.ts";

const ROOMS = `
  Rooms:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: RetainExceptOnCreate
    Metadata: { "wsgw:seed": [ rooms.json, [ no name ], more.json ] }
    Properties:
      TableName: rooms
      AttributeDefinitions:
        - { AttributeName: room, AttributeType: S }
        - { AttributeName: at, AttributeType: N }
        - { AttributeName: blob, AttributeType: B }
        - { AttributeName: flag, AttributeType: BOOL }
        - { AttributeName: untyped }
        - { AttributeType: S }
        - not an object
      KeySchema:
        - not an object
        - { AttributeName: at, KeyType: RANGE }
        - { AttributeName: room, KeyType: HASH }
      GlobalSecondaryIndexes:
        - not an object
        - IndexName: keys
          KeySchema: [ { AttributeName: at, KeyType: HASH } ]
          Projection: { ProjectionType: KEYS_ONLY }
        - IndexName: some
          KeySchema:
            - { AttributeName: blob, KeyType: HASH }
            - { AttributeName: flag, KeyType: RANGE }
          Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [ a, [ no name ], b ] }
        - IndexName: none
          KeySchema: [ { AttributeName: at, KeyType: HASH } ]
          Projection: { ProjectionType: INCLUDE }
        - IndexName: all
          KeySchema: [ { AttributeName: at, KeyType: HASH } ]
          Projection: { ProjectionType: ALL, NonKeyAttributes: [ a ] }
        - IndexName: implied
          KeySchema: [ { AttributeName: at, KeyType: HASH } ]
        - IndexName: without a key
          KeySchema: [ { AttributeName: flag, KeyType: HASH } ]
        - KeySchema: [ { AttributeName: at, KeyType: HASH } ]
      LocalSecondaryIndexes:
        - IndexName: by time
          KeySchema:
            - { AttributeName: room, KeyType: HASH }
            - { AttributeName: at, KeyType: RANGE }
          Projection: { ProjectionType: ALL }
      TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }
  Bucket:
    Type: AWS::S3::Bucket
`;

test("reads a table with keys, indexes, capacity, seeds and its deletion policy", () => {
  const { resources, places, report, reported } = stackOf(ROOMS);
  const at = { name: "at", type: "N" };
  expect(readTables(resources, places, report)).toStrictEqual({
    Rooms: {
      name: "rooms",
      partitionKey: { name: "room", type: "S" },
      sortKey: at,
      indexes: {
        keys: { partitionKey: at, scope: "global", projection: "KEYS_ONLY" },
        some: {
          partitionKey: { name: "blob", type: "B" },
          scope: "global",
          projection: ["a", "b"],
        },
        none: { partitionKey: at, scope: "global", projection: [] },
        all: { partitionKey: at, scope: "global", projection: "ALL" },
        implied: { partitionKey: at, scope: "global", projection: "ALL" },
        "by time": {
          partitionKey: { name: "room", type: "S" },
          sortKey: at,
          scope: "local",
          projection: "ALL",
        },
      },
      timeToLive: "expires",
      capacity: { read: 1, write: 1 },
      seed: ["rooms.json", "more.json"],
      deletionPolicy: "Retain",
    },
  });
  expect(reported).toEqual([]);
});

test("notes the properties that hold the parts of a table", () => {
  const { resources, places, report, noted } = stackOf(ROOMS);
  readTables(resources, places, report);
  expect(noted).toEqual({
    "tables.Rooms": "Rooms",
    "tables.Rooms.name": "Rooms.Properties.TableName",
    "tables.Rooms.partitionKey": "Rooms.Properties.KeySchema",
    "tables.Rooms.sortKey": "Rooms.Properties.KeySchema",
    "tables.Rooms.indexes": "Rooms.Properties.GlobalSecondaryIndexes",
    "tables.Rooms.timeToLive": "Rooms.Properties.TimeToLiveSpecification",
  });
});

/** A table with only a key and these properties or attributes. */
function small(properties = "", attributes = "", type = "AWS::DynamoDB::GlobalTable") {
  const { resources, places, report } = stackOf(`
  It:
    Type: ${type}
    ${attributes}
    Properties:
      AttributeDefinitions: [ { AttributeName: id, AttributeType: S } ]
      KeySchema: [ { AttributeName: id, KeyType: HASH } ]
      ${properties}
`);
  const { It: table } = readTables(resources, places, report);
  return { table, unserved: readUnservedOfTables(resources) };
}

const SMALL = {
  name: "chat-It",
  partitionKey: { name: "id", type: "S" },
  indexes: {},
  deletionPolicy: "Delete",
};

test.each([
  ["", ""],
  ["", "DeletionPolicy: Delete"],
  ["", "DeletionPolicy: Snapshot"],
  ["", "Metadata: no object"],
  ["", 'Metadata: { "wsgw:seed": [] }'],
  ["", "Metadata: { other: [ a.json ] }"],
  ["ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 1 }", ""],
  ["ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 0 }", ""],
  ["ProvisionedThroughput: { ReadCapacityUnits: 1 }", ""],
  ["TimeToLiveSpecification: { AttributeName: expires, Enabled: false }", ""],
])("reads a table with %j and %j as one with nothing but its key", (properties, attributes) => {
  expect(small(properties, attributes)).toEqual({ table: SMALL, unserved: [] });
});

test("keeps a single seed file and a retained table", () => {
  const { table } = small("", 'DeletionPolicy: Retain\n    Metadata: { "wsgw:seed": [ a.json ] }');
  expect(table).toEqual({ ...SMALL, seed: ["a.json"], deletionPolicy: "Retain" });
});

test.each([
  ["TimeToLiveSpecification: { AttributeName: expires }", [{ table: "It", timeToLive: "expires" }]],
  ["StreamSpecification: { StreamViewType: KEYS_ONLY }", [{ table: "It", stream: "KEYS_ONLY" }]],
  ["StreamSpecification: {}", [{ table: "It", stream: "NEW_AND_OLD_IMAGES" }]],
  ["StreamSpecification: KEYS_ONLY", []],
  [
    "TimeToLiveSpecification: { AttributeName: expires, Enabled: true }\n      StreamSpecification: { StreamViewType: NEW_IMAGE }",
    [{ table: "It", timeToLive: "expires", stream: "NEW_IMAGE" }],
  ],
])("lists what is not served of a table with %j", (properties, unserved) => {
  expect(small(properties).unserved).toEqual(unserved);
});

test("lists nothing that is not served of resources that are not tables", () => {
  expect(small("StreamSpecification: {}", "", "AWS::Kinesis::Stream")).toEqual({
    table: undefined,
    unserved: [],
  });
});

test.each([
  "[ { AttributeName: other, KeyType: HASH } ]",
  "[ { AttributeName: id, KeyType: RANGE } ]",
  "none",
])("rejects a table with the key schema %s", (schema) => {
  const { resources, places, report, reported } = stackOf(`
  It:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [ { AttributeName: id, AttributeType: S } ]
      KeySchema: ${schema}
`);
  expect(readTables(resources, places, report)).toEqual({});
  expect(reported).toEqual([
    "error at It.Properties.KeySchema: It has no partition key in both AttributeDefinitions and KeySchema. Add it to both.",
  ]);
});
