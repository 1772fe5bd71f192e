import { expect, onTestFinished, test } from "vitest";
import { openStore, type StoreAnswer } from "../../../src/emulator/dynamodb/store.ts";

test("a call that the store fails in is answered 500, once, and the failure is reported", async () => {
  const thrown: [operation: string, message: string][] = [];
  const store = openStore({
    data: undefined,
    home: "eu-west-1",
    accountId: "123456789012",
    onThrown: (operation, { message }) => thrown.push([operation, message]),
  });
  onTestFinished(() => store.close());
  const call = { region: "eu-west-1", operation: "NoSuchThing", input: {}, mayNameProto: false };

  const answer = await new Promise<StoreAnswer>((resolve) => store.perform(call, resolve));

  const [[operation, message = ""] = []] = thrown;
  expect(operation).toBe("NoSuchThing");
  expect(message).toContain("Cannot find module");
  expect(answer.statusCode).toBe(500);
  expect(JSON.parse(answer.body)).toEqual({
    __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
    message: `wsgw's built-in DynamoDB failed: ${message}`,
  });
});
