import { expect, test } from "vitest";
import { KeyBook } from "../../../../src/readers/terraform/rules/resource-names.ts";

type Named = Parameters<KeyBook["keyOf"]>[0];

const named = (more: Partial<Named> = {}): Named => ({
  path: [],
  type: "aws_lambda_function",
  name: "join",
  index: undefined,
  others: [],
  ...more,
});
const keyOf = (more?: Partial<Named>) => new KeyBook().keyOf(named(more));

test.each([
  ["aws_lambda_function", "join"],
  ["aws_apigatewayv2_api", "join"],
  ["aws_dynamodb_table", "join"],
  ["aws_sqs_queue", "join"],
  ["aws_sns_topic", "join"],
  ["aws_apigatewayv2_authorizer", "join"],
  ["aws_lambda_layer_version", "join"],
  ["aws_iam_role", "join-role"],
  ["aws_lambda_permission", "join-permission"],
])("a resource of type %s that is called join has the key %s", (type, key) => {
  expect(keyOf({ type })).toBe(key);
});

test.each([
  ["aws_apigatewayv2_api", ["aws_lambda_function"], "join-api"],
  ["aws_dynamodb_table", ["aws_apigatewayv2_api"], "join-table"],
  ["aws_sqs_queue", ["aws_dynamodb_table"], "join-queue"],
  ["aws_sns_topic", ["aws_sqs_queue"], "join-topic"],
  ["aws_apigatewayv2_authorizer", ["aws_sns_topic"], "join-authorizer"],
  ["aws_lambda_layer_version", ["aws_apigatewayv2_authorizer"], "join-version"],
  ["aws_lambda_function", ["aws_lambda_function", "aws_apigatewayv2_api"], "join"],
  ["aws_dynamodb_table", ["aws_iam_role", "aws_dynamodb_table", "aws_sqs_queue"], "join"],
])("among equal names the first kind keeps it: %s beside %j is %s", (type, others, key) => {
  expect(keyOf({ type, others })).toBe(key);
});

test.each<[Partial<Named>, string]>([
  [{ path: ["chat"] }, "chat-join"],
  [{ path: ["chat", "a"], index: "b" }, "chat-a-join-b"],
  [{ index: 0 }, "join-0"],
  [{ path: ["chat"], name: "this" }, "chat"],
  [{ path: ["chat"], name: "main" }, "chat"],
  [{ path: ["chat"], name: "default" }, "chat"],
  [{ name: "this" }, "this"],
  [{ index: "$connect" }, "join-connect"],
  [{ index: "a/b c//d" }, "join-a-b-c-d"],
  [{ name: "a--b---c" }, "a-b-c"],
  [{ name: "_1-a", index: "$" }, "a"],
  [{ name: "1" }, "resource"],
  [{ name: "a".repeat(64) }, "a".repeat(64)],
  [{ name: "a".repeat(65) }, "a".repeat(64)],
])("%j has the key %s", (more, key) => {
  expect(keyOf(more)).toBe(key);
});

test("a resource keeps its key, and others of the same get a number", () => {
  const book = new KeyBook();
  const of = (name: string, index?: string | number) => book.keyOf(named({ name, index }));

  expect([of("a.b"), of("a-b"), of("a b"), of("a-b"), of("a.b")]).toEqual([
    "a-b",
    "a-b-2",
    "a-b-3",
    "a-b-2",
    "a-b",
  ]);
  expect([of("c", 1), of("c", "1")]).toEqual(["c-1", "c-1-2"]);
});

test("a number behind a long key takes its last four characters", () => {
  const book = new KeyBook();
  const long = `${"a".repeat(59)}bcdef`;

  expect(book.keyOf(named({ name: long }))).toBe(long);
  expect(book.keyOf(named({ name: long, path: [""] }))).toBe(`${"a".repeat(59)}b-2`);
});
