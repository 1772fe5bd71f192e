import { withoutCredentials } from "../../rules/without-credentials.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What an app is synthesised with. */
export type SynthInput = {
  /** Variables of this process. */
  readonly env: Environment;
  /** What `cdk.json` and `cdk.context.json` give; what comes later wins. */
  readonly contexts: readonly Readonly<Record<string, unknown>>[];
  /** The folder that the app writes its assembly into; absolute. */
  readonly outputFolder: string;
  readonly accountId: string;
  readonly region: string | undefined;
  /** A file without anything in it, in place of those of the SDKs. */
  readonly emptyFile: string;
};

const ACCOUNT_IN_KEY = /\baccount=(\d{12})\b/;

/**
 * The variables by which an app knows what to synthesise, as the CDK's command line sets them. Of the account that look-ups
 * were made in, `cdk.context.json` has the answers.
 */
export function synthEnvironment(input: SynthInput): Environment {
  const { env, contexts, outputFolder, accountId, region, emptyFile } = input;
  const context = Object.assign({}, ...contexts);
  const [known] = Object.keys(context).flatMap((key) => ACCOUNT_IN_KEY.exec(key)?.[1] ?? []);
  return {
    CDK_DEFAULT_ACCOUNT: known ?? accountId,
    CDK_DEFAULT_REGION: region,
    ...withoutCredentials(env, emptyFile),
    CDK_OUTDIR: outputFolder,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...context,
      "aws:cdk:enable-asset-metadata": true,
      "aws:cdk:enable-path-metadata": true,
      "aws:cdk:bundling-stacks": ["**"],
    }),
  };
}
