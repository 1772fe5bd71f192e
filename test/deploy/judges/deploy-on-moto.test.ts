import { describe, expect, test } from "vitest";
import { deployWith, destroyWith, testRun } from "../runs.ts";
import { smallStack } from "../small-stack.ts";
import { START_MS, skipped, useMoto } from "./moto.ts";

describe.skipIf(skipped)("on moto", { timeout: START_MS }, () => {
  const moto = useMoto();

  const deploy = async (prepared = smallStack(), more: Parameters<typeof deployWith>[1] = {}) => {
    const run = await testRun(moto.url);
    const result = await deployWith(run, { prepare: async () => prepared, ...more });
    return { run, result };
  };

  test("makes a bucket that is closed, encrypted and versioned, after asking", async () => {
    const { run, result } = await deploy();

    expect(run.questions).toMatchObject([{ kind: "create-bucket", region: "us-east-1" }]);
    expect(result.kind).toBe("deployed");
    const bucket = "wsgw-artifacts-123456789012-us-east-1";
    const ask = (call: string) => moto.aws("s3api", call, "--bucket", bucket);
    const [versioning, access, encryption, lifecycle] = await Promise.all([
      ask("get-bucket-versioning"),
      ask("get-public-access-block"),
      ask("get-bucket-encryption"),
      ask("get-bucket-lifecycle-configuration"),
    ]);
    expect(versioning).toMatchObject({ Status: "Enabled" });
    expect(access).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    expect(JSON.stringify(encryption)).toContain("AES256");
    expect(JSON.stringify(lifecycle)).toContain("AbortIncompleteMultipartUpload");
  });

  test("a second deployment of the same finds nothing to change and uploads nothing", async () => {
    await deploy();

    const { run, result } = await deploy();

    expect(result.kind).toBe("unchanged");
    expect(run.of("upload.started")).toEqual([]);
    expect(run.of("upload.skipped")).toHaveLength(2);
    expect(run.questions).toEqual([]);
  });

  test("changes what differs, and tells what that is before it does it", async () => {
    await deploy();

    const changed = smallStack({ more: { More: { Type: "AWS::SNS::Topic" } } });
    const { run, result } = await deploy(changed, { tags: { team: "red" } });

    expect(result.kind).toBe("deployed");
    expect(run.of("changeSet.created")[0]?.changes).toMatchObject([
      { logicalId: "More", effect: "add" },
    ]);
    const [stack] = (await moto.aws("cloudformation", "describe-stacks")).Stacks;
    expect(stack.Tags).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "red" },
        { Key: "wsgw:buildId", Value: "b1" },
      ]),
    );
  });

  test("a stage that logs waits until API Gateway has a role to log with", async () => {
    await expect(deploy(smallStack(), { logsBy: "deploy.logging is set" })).rejects.toMatchObject({
      code: "LOG_ROLE_NOT_FOUND",
    });

    const arn = "arn:aws:iam::123456789012:role/gateway-logs";
    const patch = `op=replace,path=/cloudwatchRoleArn,value=${arn}`;
    await moto.aws("apigateway", "update-account", "--patch-operations", patch);
    const { run, result } = await deploy(smallStack(), { logsBy: "deploy.logging is set" });

    expect(result.kind).toBe("deployed");
    expect(run.of("roles.verified")).toMatchObject([{ named: ["gateway-logs"] }]);
  });

  test("--code-only changes the code of the function and nothing else", async () => {
    await deploy();
    const before = await moto.aws("lambda", "list-functions");

    const changed = smallStack({ code: "exports.handler = async () => ({ statusCode: 201 });" });
    const { run, result } = await deploy(changed, { codeOnly: true });

    expect(result.kind).toBe("code-updated");
    const after = await moto.aws("lambda", "list-functions");
    expect(after.Functions[0].CodeSha256).not.toBe(before.Functions[0].CodeSha256);
    expect(run.of("warning")[0]?.message).toContain("drift");
    expect(
      (await moto.aws("cloudformation", "list-change-sets", "--stack-name", "chat")).Summaries,
    ).toHaveLength(1);
  });

  test("--code-only rejects a stack in which more than code differs", async () => {
    await deploy();

    const more = smallStack({ more: { More: { Type: "AWS::SNS::Topic" } } });

    await expect(deploy(more, { codeOnly: true })).rejects.toMatchObject({
      code: "NOT_CODE_ONLY",
      message: "More (AWS::SNS::Topic): would be added",
    });
  });

  test("destroying leaves nothing of the stack, and doing it again is fine", async () => {
    await deploy();
    await deploy(smallStack({ code: "exports.handler = async () => ({ statusCode: 201 });" }));

    const run = await testRun(moto.url);
    const result = await destroyWith(run);

    expect(result).toMatchObject({ kind: "destroyed", kept: [], removedObjects: 4 });
    const bucket = "wsgw-artifacts-123456789012-us-east-1";
    const [functions, tables, roles, objects] = await Promise.all([
      moto.aws("lambda", "list-functions"),
      moto.aws("dynamodb", "list-tables"),
      moto.aws("iam", "list-roles"),
      moto.aws("s3api", "list-object-versions", "--bucket", bucket),
    ]);
    expect([functions.Functions, tables.TableNames, roles.Roles]).toEqual([[], [], []]);
    expect([objects?.Versions, objects?.DeleteMarkers]).toEqual([undefined, undefined]);
    expect(await destroyWith(await testRun(moto.url))).toMatchObject({ kind: "missing" });
  });

  test("--retain-table keeps the table when the rest goes", async () => {
    await deploy();

    const result = await destroyWith(await testRun(moto.url), { retainTable: true });

    const { TableNames } = await moto.aws("dynamodb", "list-tables");
    expect(TableNames).toHaveLength(1);
    expect(result).toMatchObject({ kind: "destroyed", kept: TableNames });
    expect((await moto.aws("lambda", "list-functions")).Functions).toEqual([]);
  });
});
