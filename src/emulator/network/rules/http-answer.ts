/** The gateway's own HTTP response. The writer adds date and length, and `Connection` if it is missing. */
export type HttpAnswer = {
  readonly statusCode: number;
  /** In the order and spelling in which they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** `{"message":…}` as API Gateway's front door formats it. */
export function messageBody(message: string): string {
  return JSON.stringify({ message });
}
