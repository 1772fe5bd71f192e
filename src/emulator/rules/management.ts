/** What GetConnection tells. Epoch ms; the wire form is ISO. */
export type ConnectionDescription = {
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly connectedAt: number;
  readonly lastActiveAt: number;
};
