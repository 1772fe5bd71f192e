import { expect, onTestFinished, test } from "vitest";
import { openStore, type StoreAnswer } from "../../../src/emulator/dynamodb/store.ts";

function open() {
  const thrown: [operation: string, message: string][] = [];
  const store = openStore({
    data: undefined,
    home: "eu-west-1",
    accountId: "123456789012",
    onThrown: (operation, { message }) => thrown.push([operation, message]),
  });
  onTestFinished(() => store.close());
  const call = (operation: string, input = {}) => {
    return { region: "eu-west-1", operation, input, mayNameProto: false };
  };
  return { store, thrown, call };
}

test("a call that the store fails in is answered 500, once, and the failure is reported", async () => {
  const { store, thrown, call } = open();

  const answer = await new Promise<StoreAnswer>((resolve) =>
    store.perform(call("NoSuchThing"), resolve),
  );

  const [[operation, message = ""] = []] = thrown;
  expect(operation).toBe("NoSuchThing");
  expect(message).toContain("noSuchThing");
  expect(answer.statusCode).toBe(500);
  expect(JSON.parse(answer.body)).toEqual({
    __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
    message: `wsgw's built-in DynamoDB failed: ${message}`,
  });
});

test("an answer that could not be taken is reported, and not followed by another", async () => {
  const { store, thrown, call } = open();
  const answers: StoreAnswer[] = [];

  store.perform(call("DescribeTable", { TableName: "none" }), (answer) => {
    answers.push(answer);
    throw new Error("The client has gone.");
  });

  await expect.poll(() => thrown).toEqual([["DescribeTable", "The client has gone."]]);
  expect(answers).toMatchObject([{ statusCode: 400 }]);
});
