import { expect, test } from "vitest";
import {
  awsLambdaFor,
  isStreaming,
  ResponseStream,
} from "../../../src/emulator/lambda/streaming-handlers.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test.each([
  [undefined, true],
  ["", true],
  ["0", true],
  ["1", false],
  ["true", false],
  ["11", true],
  ["true enough", true],
  ["untrue", true],
])(
  "a function that sets AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA to %j has awslambda: %s",
  (value, has) => {
    const environment = { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: value };

    expect(awsLambdaFor(environment) !== undefined).toBe(has);
  },
);

test("a handler is marked as streaming as Lambda's runtime marks it", () => {
  const handler = () => {};
  const marked = () => ({
    streaming: Reflect.get(handler, Symbol.for("aws.lambda.runtime.handler.streaming")),
    size: Reflect.get(handler, Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark")),
  });
  const awslambda = awsLambdaFor({});
  expect(isStreaming(handler)).toBe(false);

  expect(awslambda?.streamifyResponse(handler, { highWaterMark: "large" })).toBe(handler);
  expect(isStreaming(handler)).toBe(true);
  expect(marked()).toEqual({ streaming: "response", size: undefined });
  awslambda?.streamifyResponse(handler, { highWaterMark: 4096.7 });

  expect(marked()).toEqual({ streaming: "response", size: 4096 });
});

function startStream() {
  const ended: string[] = [];
  const failed: Error[] = [];
  const stream = new ResponseStream(
    (text) => ended.push(text),
    (error) => failed.push(error),
  );
  return { stream, ended, failed };
}

test("a stream is read as one string when it has ended", async () => {
  const { stream, ended, failed } = startStream();

  stream.write("hel");
  stream.write(Buffer.from("lo"));
  await turn();
  expect(ended).toEqual([]);
  stream.end("!");
  await turn();

  expect([ended, failed]).toEqual([["hello!"], []]);
});

test("a stream that breaks reports its error", async () => {
  const { stream, ended, failed } = startStream();
  const error = new Error("cut");

  stream.destroy(error);
  await turn();

  expect([ended, failed]).toEqual([[], [error]]);
});

test("an HTTP stream begins with its head as JSON and eight zero bytes, written once", async () => {
  const { stream, ended } = startStream();
  const types: string[] = [];
  stream.setContentType = (type) => void types.push(type);

  const http = awsLambdaFor({})?.HttpResponseStream.from(stream, { statusCode: 200 });
  http?.write("a");
  http?.end("b");
  await turn();

  expect(http).toBe(stream);
  expect(types).toEqual(["application/vnd.awslambda.http-integration-response"]);
  expect(ended).toEqual([`{"statusCode":200}${"\0".repeat(8)}ab`]);
});
