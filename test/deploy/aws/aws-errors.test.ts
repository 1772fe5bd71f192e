import { request } from "node:http";
import { expect, test } from "vitest";
import { calling } from "../../../src/deploy/aws/aws-errors.ts";

test("says in words, and with its address, that a service cannot be reached", async () => {
  const call = () =>
    new Promise<void>((_, reject) => {
      request("http://127.0.0.1:1").on("error", reject).end();
    });

  await expect(calling("CloudFormation", "DescribeStacks", call)).rejects.toMatchObject({
    code: "AWS_UNREACHABLE",
    message:
      "CloudFormation (127.0.0.1:1) cannot be reached: nothing listens there (ECONNREFUSED).",
  });
});

test("says what the SDK says where the system says nothing", async () => {
  const late = Object.assign(new Error("no answer within 60 s."), { name: "TimeoutError" });

  await expect(calling("S3", "PutObject", () => Promise.reject(late))).rejects.toMatchObject({
    message: "S3 cannot be reached: no answer within 60 s.",
  });
});
