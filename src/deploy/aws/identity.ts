import { WsgwError } from "../../errors.ts";
import type { Identity } from "../ports.ts";
import { calling, unlessMissing } from "./aws-errors.ts";
import type { ClientSettings } from "./connect.ts";

/** Asks STS who calls, and IAM and API Gateway for roles. */
export function createIdentity(settings: ClientSettings): Identity {
  return {
    async caller() {
      const { STSClient, GetCallerIdentityCommand } = await import("./sdk/identity.ts");
      const client = new STSClient(settings);
      const { Account, Arn } = await calling("STS", "GetCallerIdentity", () =>
        client.send(new GetCallerIdentityCommand({})),
      );
      if (Account === undefined || Arn === undefined) {
        throw new WsgwError("AWS_CREDENTIALS", "STS does not say whose credentials these are.");
      }
      return { account: Account, arn: Arn };
    },
    async hasRole(name) {
      const { IAMClient, GetRoleCommand } = await import("./sdk/identity.ts");
      const client = new IAMClient(settings);
      const found = await unlessMissing(
        () => calling("IAM", "GetRole", () => client.send(new GetRoleCommand({ RoleName: name }))),
        ({ code }) => code === "NoSuchEntityException" || code === "NoSuchEntity",
      );
      return found !== undefined;
    },
    async gatewayLogRole() {
      const { APIGatewayClient, GetAccountCommand } = await import("./sdk/api-gateway.ts");
      const client = new APIGatewayClient(settings);
      const { cloudwatchRoleArn } = await calling("API Gateway", "GetAccount", () =>
        client.send(new GetAccountCommand({})),
      );
      return cloudwatchRoleArn === "" ? undefined : cloudwatchRoleArn;
    },
  };
}
