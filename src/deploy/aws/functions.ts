import type { Functions } from "../ports.ts";
import { calling } from "./aws-errors.ts";
import type { ClientSettings } from "./connect.ts";

/** Changes the code of Lambda functions behind CloudFormation's back. */
export function createFunctions(settings: ClientSettings): Functions {
  let opened: ReturnType<typeof open> | undefined;
  async function open() {
    const sdk = await import("./sdk/functions.ts");
    return { sdk, client: new sdk.LambdaClient(settings) };
  }
  const access = () => {
    opened ??= open();
    return opened;
  };

  return {
    async updateCode(name, bucket, key) {
      const { sdk, client } = await access();
      const command = new sdk.UpdateFunctionCodeCommand({
        FunctionName: name,
        S3Bucket: bucket,
        S3Key: key,
      });
      await calling("Lambda", "UpdateFunctionCode", () => client.send(command));
    },
    async state(name) {
      const { sdk, client } = await access();
      const command = new sdk.GetFunctionConfigurationCommand({ FunctionName: name });
      const found = await calling("Lambda", "GetFunctionConfiguration", () => client.send(command));
      return {
        updateStatus: found.LastUpdateStatus ?? "Successful",
        reason: found.LastUpdateStatusReason,
      };
    },
  };
}
