import { request } from "node:http";
import { expect, test } from "vitest";
import { createAwsError } from "../../../src/deploy/aws/aws-errors.ts";
import { calling } from "../../../src/deploy/aws/retry-throttled.ts";

const neverAgain = async () => {
  throw new Error("this call is not to be made again");
};

test("says in words, and with its address, that a service cannot be reached", async () => {
  const call = () =>
    new Promise<void>((_, reject) => {
      request("http://127.0.0.1:1").on("error", reject).end();
    });

  await expect(calling("CloudFormation", "DescribeStacks", neverAgain, call)).rejects.toMatchObject(
    {
      code: "AWS_UNREACHABLE",
      message:
        "CloudFormation (127.0.0.1:1) is unreachable: nothing listens on that port (ECONNREFUSED).",
    },
  );
});

test("says what the SDK says where the system says nothing", async () => {
  const late = Object.assign(new Error("no answer within 60 s."), { name: "TimeoutError" });

  await expect(
    calling("S3", "PutObject", neverAgain, () => Promise.reject(late)),
  ).rejects.toMatchObject({
    message: "S3 is unreachable: no answer within 60 s.",
  });
});

const throttled = () =>
  createAwsError("Rate exceeded", {
    code: "ThrottlingException",
    service: "Lambda",
    operation: "GetFunctionConfiguration",
    statusCode: 429,
    bucketRegion: undefined,
  });

test("retries a throttled call, and reports how often AWS has rejected it", async () => {
  const rejected: number[] = [];
  const call = async () => {
    if (rejected.length < 3) throw throttled();
    return "made";
  };

  const made = await calling(
    "Lambda",
    "GetFunctionConfiguration",
    async (_, times) => {
      rejected.push(times);
    },
    call,
  );

  expect(made).toBe("made");
  expect(rejected).toEqual([1, 2, 3]);
});

test("gives a call up that AWS throttles without end", async () => {
  let times = 0;
  const call = async () => {
    times += 1;
    throw throttled();
  };

  await expect(
    calling("Lambda", "GetFunctionConfiguration", async () => {}, call),
  ).rejects.toMatchObject({ code: "ThrottlingException" });
  expect(times).toBe(13);
});
