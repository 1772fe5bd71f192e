import { expect, test } from "vitest";
import {
  signerIdentity,
  userSigner,
} from "../../../../../src/emulator/apigateway/authorizers/rules/signer.ts";
import { callerId } from "../../../../../src/emulator/iam/rules/caller-arns.ts";

const PLACE = { region: "us-east-1", accountId: "123456789012" };

test("a signer has the fields of its ARN", () => {
  const arn = "arn:aws:sts::123456789012:assumed-role/role/session";

  expect(signerIdentity(arn, "KEY", PLACE)).toEqual({
    accountId: "123456789012",
    caller: callerId(arn),
    accessKey: "KEY",
    userArn: arn,
    user: callerId(arn),
  });
  expect(signerIdentity(arn, "KEY", PLACE, "me")).toMatchObject({ caller: "me", user: "me" });
});

test.each([
  [{}, "arn:aws:iam::123456789012:user/developer"],
  [{ name: "ann" }, "arn:aws:iam::123456789012:user/ann"],
])("the keys of %o belong to an IAM user", (mocked, userArn) => {
  expect(userSigner(mocked, "KEY", PLACE)).toEqual({
    identity: {
      accountId: "123456789012",
      caller: callerId(userArn),
      accessKey: "KEY",
      userArn,
      user: callerId(userArn),
    },
  });
});

test("a mock identity has its own fields and statements", () => {
  const statements = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }] as const;
  const identity = { userArn: "arn:own", caller: "me", accountId: "1", cognitoIdentityId: "c" };

  expect(userSigner({ name: "ann", identity, statements }, "KEY", PLACE)).toEqual({
    identity: {
      accountId: "1",
      caller: "me",
      accessKey: "KEY",
      userArn: "arn:own",
      user: "me",
      cognitoIdentityId: "c",
    },
    statements,
  });
});
