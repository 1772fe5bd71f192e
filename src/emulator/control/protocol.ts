/** Where the control interface of a running gateway is, and what lets a caller in. */
export type ControlAddress = {
  /** `http://localhost:PORT/_wsgw` */
  readonly url: string;
  /** Without it every path of the interface is answered as API Gateway answers unknown ones. */
  readonly token: string;
};

/** An open connection, as the gateway knows it. */
export type ControlConnection = {
  readonly connectionId: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** Epoch ms. */
  readonly connectedAt: number;
  /** Epoch ms of the last message in either direction. */
  readonly lastActiveAt: number;
};

/** What the paths of the interface begin with. */
export const CONTROL_PATH = "/_wsgw";
