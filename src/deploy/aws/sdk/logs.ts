// Only what is used, so that the bundler leaves the rest of the client out.
export { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
