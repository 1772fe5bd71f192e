/** The part of wsgw's public API that the commands work with. */
export type Library = Pick<
  typeof import("../src/index.ts"),
  | "WsgwError"
  | "deploy"
  | "describeProject"
  | "destroy"
  | "diffStack"
  | "findAuthority"
  | "findRunning"
  | "findStackUrl"
  | "openClient"
  | "readLogs"
  | "renderDiff"
  | "sortOutputs"
  | "stackStatus"
  | "startDev"
  | "writeDeployment"
>;
