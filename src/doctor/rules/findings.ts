/** The result of one check. Plain data; messages are whole sentences. */
export type Finding = {
  readonly subject: Subject;
  /** `blocked`: wsgw dev, or a function, cannot run until it is fixed. */
  readonly verdict: "good" | "warning" | "blocked";
  readonly said: string;
  /** What to do; undefined if nothing. */
  readonly advice: string | undefined;
};

export type Subject =
  | "certificates"
  | "config"
  | "credentials"
  | "functions"
  | "gateway"
  | "node"
  | "port"
  | "state"
  | "tables";

export function good(subject: Subject, said: string, advice?: string): Finding {
  return { subject, verdict: "good", said, advice };
}

export function warning(subject: Subject, said: string, advice?: string): Finding {
  return { subject, verdict: "warning", said, advice };
}

export function blocked(subject: Subject, said: string, advice: string): Finding {
  return { subject, verdict: "blocked", said, advice };
}
