export type PackageOptions = {
  /** Values of options and parameters, by name. */
  readonly given: Readonly<Record<string, string>>;
  readonly region: string | undefined;
};

/** What `serverless package` is called with. It takes no options but its own, so other values are parameters. */
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

/** Whether what a command printed says that it asked for an account. */
export function needsAccount(printed: string): boolean {
  return /credential|ExpiredToken|InvalidClientToken|UnrecognizedClient|AccessDenied/i.test(
    printed,
  );
}
