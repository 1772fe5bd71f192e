/** The part of a function that determines which settings have an effect here. */
type Configured = {
  readonly name: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Uses the Runtime API, and not wsgw's Node. */
  readonly isProgram: boolean;
};

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
const OF_A_PROCESS = ["NODE_OPTIONS", "NODE_TLS_REJECT_UNAUTHORIZED", "AWS_LAMBDA_EXEC_WRAPPER"];

/**
 * Sentences about a function's settings that have no effect here. `inProcess`: it runs in a test's process.
 */
export function ignoredSettings(fn: Configured, inProcess: boolean): readonly string[] {
  const { runtime, environment, isProgram } = fn;
  const report = (names: readonly string[], why: string): readonly string[] =>
    names
      .filter((name) => environment[name])
      .map((name) => `Function "${fn.name}" sets ${name}, which has no effect ${why}`);
  if (!isProgram)
    return inProcess
      ? report(
          OF_A_PROCESS,
          `in the test's process. Start the gateway with runtime: "child-process".`,
        )
      : [];
  return [
    ...report(
      PROXIES,
      "here, because its connections go through wsgw's proxy and from there directly to their host.",
    ),
    ...(runtime.startsWith("provided")
      ? report(
          ["AWS_LAMBDA_EXEC_WRAPPER"],
          `with the runtime ${runtime}, as on AWS, unless its bootstrap runs it.`,
        )
      : []),
  ];
}
