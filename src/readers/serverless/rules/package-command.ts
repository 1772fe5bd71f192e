export type PackageOptions = {
  /** Values of options and parameters, by name. */
  readonly given: Readonly<Record<string, string>>;
  readonly region: string | undefined;
};

/**
 * The arguments of `serverless package`. It accepts only its own options, so other values are passed as
 * parameters.
 */
export function packageArguments(
  { given, region }: PackageOptions,
  { config, output }: { readonly config: string; readonly output: string },
): readonly string[] {
  const { stage, region: regionGiven = region, ...parameters } = given;
  const named = Object.entries(parameters).filter(([name]) => /^[\w-]+$/.test(name));
  return [
    ...["--package", output, "--config", config],
    ...(stage === undefined ? [] : ["--stage", stage]),
    ...(regionGiven === undefined ? [] : ["--region", regionGiven]),
    ...named.flatMap(([name, value]) => ["--param", `${name}=${value}`]),
  ];
}

/** Whether a command's output shows that it required an account. */
export function needsAccount(printed: string): boolean {
  return /credential|ExpiredToken|InvalidClientToken|UnrecognizedClient|AccessDenied/i.test(
    printed,
  );
}
