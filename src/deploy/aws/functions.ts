import { type Access, createService } from "./service.ts";

type FunctionState = {
  readonly updateStatus: string;
  readonly reason: string | undefined;
};

export type Functions = {
  updateCode(name: string, bucket: string, key: string): Promise<void>;
  state(name: string): Promise<FunctionState>;
};

/** Updates the code of Lambda functions without CloudFormation. */
export function createFunctions(access: Access): Functions {
  const lambda = createService("Lambda", access, async () => {
    const sdk = await import("./sdk/functions.ts");
    return { sdk, client: new sdk.LambdaClient(access.settings) };
  });

  return {
    async updateCode(name, bucket, key) {
      const input = { FunctionName: name, S3Bucket: bucket, S3Key: key };
      await lambda("UpdateFunctionCode", input);
    },
    async state(name) {
      const found = await lambda("GetFunctionConfiguration", { FunctionName: name });
      return {
        updateStatus: found.LastUpdateStatus ?? "Successful",
        reason: found.LastUpdateStatusReason,
      };
    },
  };
}
