// Only what is used, so that the bundler leaves the rest of the client out.
export { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
