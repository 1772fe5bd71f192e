import { expect, test } from "vitest";
import { findStackUrl, stackStatus } from "../../src/deploy/status.ts";
import { startStub } from "./cloudformation-stub.ts";

test("a stack that is missing is named with the region", async () => {
  const stub = await startStub({});
  const place = { cwd: "/", env: {}, endpointUrl: stub.url, region: "eu-west-1" };

  expect(await stackStatus({ ...place, stackName: "chat" })).toEqual({
    kind: "missing",
    stackName: "chat",
    region: "eu-west-1",
  });
  await expect(findStackUrl({ ...place, stackName: "chat" })).rejects.toMatchObject({
    code: "STACK_NOT_FOUND",
    message: "The stack chat does not exist in eu-west-1.",
  });
});

test("reports an existing stack with its state", async () => {
  const stub = await startStub({ stack: { status: "UPDATE_COMPLETE" } });
  const place = { cwd: "/", env: {}, endpointUrl: stub.url, region: "us-east-1" };

  expect(await stackStatus({ ...place, stackName: "chat" })).toMatchObject({
    kind: "found",
    stack: { status: "UPDATE_COMPLETE", region: "us-east-1" },
  });
});
