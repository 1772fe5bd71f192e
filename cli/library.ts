/** The part of wsgw's public API that the commands work with. */
export type Library = Pick<
  typeof import("../src/index.ts"),
  | "WsgwError"
  | "buildSampleEvent"
  | "callManagement"
  | "findAuthority"
  | "findRunning"
  | "invokeFunction"
  | "openClient"
  | "openControl"
  | "openRunningTables"
  | "readProject"
  | "startDev"
>;
