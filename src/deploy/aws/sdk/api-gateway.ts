// Only what is used, so that the bundler omits the rest of the client.
export { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
