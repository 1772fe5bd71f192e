/** The input of a deployment, from the definition or the project's own template. */
export type Prepared = {
  readonly buildId: string;
  /** JSON. */
  readonly templateText: string;
  readonly functions: readonly {
    readonly name: string;
    readonly logicalId: string;
    readonly key: string;
    readonly zip: Uint8Array;
  }[];
  /** For a definition: the zips of layers. */
  readonly layers?: readonly { readonly key: string; readonly zip: Uint8Array }[];
  /** For a project's own template, which contains the bucket's name itself. */
  readonly own?: {
    /** Nested templates and other files. */
    readonly files: readonly {
      readonly key: string;
      readonly body: Uint8Array;
      readonly type: string;
    }[];
    /** The project's values of the template's parameters. */
    readonly parameters: Readonly<Record<string, string>>;
  };
};

export type DeployInput = {
  readonly bucket: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly codeOnly: boolean;
  readonly express: boolean;
  /** Names of roles that must already exist. */
  readonly namedRoles: readonly string[];
  readonly ownRoles: number;
  /** What makes stages write logs, for which API Gateway needs a role of the account; begins a sentence. */
  readonly logsBy: string | undefined;
  prepare(bucket: string): Promise<Prepared>;
};
