/** One thing that was looked at. Plain data; the texts are whole sentences. */
export type Finding = {
  readonly subject: Subject;
  /** `blocked`: wsgw dev, or a function, cannot run before it is mended. */
  readonly verdict: "good" | "warning" | "blocked";
  readonly said: string;
  /** What to do; undefined when there is nothing to do. */
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
