/** Groups of equivalent variables, of which a program reads one. */
const ALIKE: readonly (readonly string[])[] = [
  ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
  ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
  ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"],
];

/** The variables for a program without those that its shell sets: its proxies and authorities stay. */
export function keepShellProxies(
  env: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const isSet = (name: string) =>
    (ALIKE.find((names) => names.includes(name)) ?? [name]).some((each) => env[each]);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isSet(name)));
}
