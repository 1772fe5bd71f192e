// Only what is used, so that the bundler leaves the rest of the clients out.
export { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
export { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
