// Only what is used, so that the bundler omits the rest of the clients.
export { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
export { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
