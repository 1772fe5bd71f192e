import { WsgwError } from "../../errors.ts";
import { unlessMissing } from "./aws-errors.ts";
import { type Access, createService } from "./service.ts";

/** The caller, as AWS sees it. */
export type Caller = { readonly account: string; readonly arn: string };

export type Identity = {
  caller(): Promise<Caller>;
  /** Whether a role with this name, without its path, exists. */
  hasRole(name: string): Promise<boolean>;
  /** ARN of the role with which API Gateway writes logs: one for all APIs of the account in the region. */
  gatewayLogRole(): Promise<string | undefined>;
};

/** Asks STS for the caller, and IAM and API Gateway for roles. */
export function createIdentity(access: Access): Identity {
  const { settings } = access;
  const sts = createService("STS", access, async () => {
    const sdk = await import("./sdk/identity.ts");
    return { sdk, client: new sdk.STSClient(settings) };
  });
  const iam = createService("IAM", access, async () => {
    const sdk = await import("./sdk/identity.ts");
    return { sdk, client: new sdk.IAMClient(settings) };
  });
  const apiGateway = createService("API Gateway", access, async () => {
    const sdk = await import("./sdk/api-gateway.ts");
    return { sdk, client: new sdk.APIGatewayClient(settings) };
  });

  return {
    async caller() {
      const { Account, Arn } = await sts("GetCallerIdentity", {});
      if (Account === undefined || Arn === undefined) {
        throw new WsgwError(
          "AWS_CREDENTIALS",
          "STS did not return the identity of these credentials.",
        );
      }
      return { account: Account, arn: Arn };
    },
    async hasRole(name) {
      const found = await unlessMissing(
        () => iam("GetRole", { RoleName: name }),
        ({ code }) => code === "NoSuchEntityException" || code === "NoSuchEntity",
      );
      return found !== undefined;
    },
    async gatewayLogRole() {
      const { cloudwatchRoleArn } = await apiGateway("GetAccount", {});
      return cloudwatchRoleArn === "" ? undefined : cloudwatchRoleArn;
    },
  };
}
