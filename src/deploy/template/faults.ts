/** An error that CloudFormation, or a service that it calls, would report. */
export type TemplateFault = {
  /** Logical id, or the name of an output; empty for the template as a whole. */
  readonly resource: string;
  /** Path in the resource, such as `KeySchema[0].KeyType` or `DependsOn`; empty for the whole. */
  readonly property: string;
  /** The message; begins with resource and property. */
  readonly message: string;
};

/** Creates an error; `problem` follows the place. */
export function fault(resource: string, property: string, problem: string): TemplateFault {
  const place = [resource, property].filter(Boolean).join(".");
  return { resource, property, message: place === "" ? problem : `${place}: ${problem}` };
}

/** The path of `key` below `path`. */
export function pathOf(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}
