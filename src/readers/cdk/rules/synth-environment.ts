import { withoutCredentials } from "../../rules/without-credentials.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The inputs of a synthesis. */
export type SynthInput = {
  /** Variables of this process. */
  readonly env: Environment;
  /** The contexts of `cdk.json` and `cdk.context.json`; later ones take precedence. */
  readonly contexts: readonly Readonly<Record<string, unknown>>[];
  /** The output directory of the assembly; absolute. */
  readonly outputDirectory: string;
  readonly accountId: string;
  readonly region: string | undefined;
  /** An empty file that replaces those of the SDKs. */
  readonly emptyFile: string;
};

const ACCOUNT_IN_KEY = /\baccount=(\d{12})\b/;

/**
 * The environment variables that the CDK CLI sets for a synthesis. Lookups are answered from
 * `cdk.context.json`.
 */
export function synthEnvironment(input: SynthInput): Environment {
  const { env, contexts, outputDirectory, accountId, region, emptyFile } = input;
  const context = Object.assign({}, ...contexts);
  const [known] = Object.keys(context).flatMap((key) => ACCOUNT_IN_KEY.exec(key)?.[1] ?? []);
  return {
    CDK_DEFAULT_ACCOUNT: known ?? accountId,
    CDK_DEFAULT_REGION: region,
    ...withoutCredentials(env, emptyFile),
    CDK_OUTDIR: outputDirectory,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...context,
      "aws:cdk:enable-asset-metadata": true,
      "aws:cdk:enable-path-metadata": true,
      "aws:cdk:bundling-stacks": ["**"],
    }),
  };
}
