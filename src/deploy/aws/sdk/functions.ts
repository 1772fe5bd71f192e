// Only what is used, so that the bundler leaves the rest of the client out.
export {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
