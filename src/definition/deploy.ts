/** How the stack is made. */
export type DeployDefinition = {
  /** Every change of the API goes live by itself, in place of a deployment that is made for it. Default false. */
  readonly autoDeploy?: boolean;
  /** Days that CloudWatch keeps logs; one of the numbers that it takes. Default 30. */
  readonly logRetention?: number;
  /** What API Gateway itself logs. Needs the account's CloudWatch role for API Gateway. Default: nothing. */
  readonly logging?: LoggingDefinition;
  /** Tags of the stack, which CloudFormation hands on to all that is in it. */
  readonly tags?: Readonly<Record<string, string>>;
};

export type LoggingDefinition = {
  /** Execution logs: errors only, or all. */
  readonly level?: "ERROR" | "INFO";
  /** Messages and headers in full in the execution logs. Default false. */
  readonly dataTrace?: boolean;
  /** Access log: true for JSON lines with the usual fields, or a format of `$context` variables. */
  readonly accessLog?: boolean | string;
};

export type CustomDomainDefinition = {
  /** Such as `chat.example.com`. */
  readonly name: string;
  /** The path that leads to the API; default: none, the bare domain does. */
  readonly mappingKey?: string;
  /** Certificate in the API's region. With it the stack owns the domain; else the domain must be in the account. */
  readonly certificateArn?: string;
};

export type ApiDeploy = {
  readonly autoDeploy: boolean;
  /** Days. */
  readonly logRetention: number;
  readonly logging: ApiLogging | undefined;
  readonly tags: Readonly<Record<string, string>>;
};

export type ApiLogging = {
  readonly level: "ERROR" | "INFO" | "OFF";
  readonly dataTrace: boolean;
  /** Format of the access log. */
  readonly accessLog: string | undefined;
};

export type ApiCustomDomain = {
  readonly name: string;
  /** Empty where the bare domain leads to the API. */
  readonly mappingKey: string;
  readonly certificateArn: string | undefined;
};
