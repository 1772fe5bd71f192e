/** An open connection, as the gateway reports it. */
export type ControlConnection = {
  /** The API, by its name in the project, and the stage of the connection. */
  readonly api: string;
  readonly stage: string;
  readonly connectionId: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** Epoch ms. */
  readonly connectedAt: number;
  /** Epoch ms of the last message in either direction. */
  readonly lastActiveAt: number;
};

/** The contents and the lifetime of a token. */
export type TokenWish = {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly use: "access" | "id";
  readonly clientId: string;
  readonly lifetimeMs: number;
};

/** Changes with every incompatible change of the interface. */
export const CONTROL_VERSION = 1;

/** Prefix of the interface's paths. */
export const CONTROL_PATH = "/_wsgw";

/** Path of the request counts. */
export const METRICS_PATH = `${CONTROL_PATH}/metrics`;
