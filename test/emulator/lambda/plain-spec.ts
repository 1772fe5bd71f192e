import type { FunctionSpec } from "../../../src/emulator/lambda/environment-contract.ts";

/** A function `probe` of which nothing is ever loaded. */
export function plainSpec(file: string, timeout = 3): FunctionSpec {
  return {
    name: "probe",
    handler: "probe.handler",
    code: {
      file,
      source: file,
      exportPath: "handler",
      format: "commonjs",
      sourceMaps: false,
      runtimeSdk: undefined,
      sdkPackages: [],
    },
    environment: {},
    memory: 128,
    timeout,
    arn: "arn",
    root: "/",
  };
}
