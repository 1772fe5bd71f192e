// Only what is used, so that the bundler omits the rest of the client.
export { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
