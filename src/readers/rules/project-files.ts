/** Formats of projects without a config file, in search order. */
export type Form = "cdk" | "serverless" | "template" | "terraform";

/** The files of a directory that may define an API, judging by their names. */
export type NamedFiles = {
  readonly cdk: readonly string[];
  readonly serverless: readonly string[];
  readonly templates: readonly string[];
  readonly terraform: readonly string[];
};

const SERVERLESS = ["yml", "yaml", "json", "js", "ts"].map((ending) => `serverless.${ending}`);
const TEMPLATES = ["yaml", "yml", "json"].map((ending) => `template.${ending}`);

/** Sorts the names of a directory in search order. */
export function namedFiles(names: readonly string[]): NamedFiles {
  const present = new Set(names);
  const others = names.filter((name) =>
    /.\.template\.(ya?ml|json)$|^cloudformation\.(ya?ml|json)$/.test(name),
  );
  return {
    cdk: present.has("cdk.json") ? ["cdk.json"] : [],
    serverless: SERVERLESS.filter((name) => present.has(name)).slice(0, 1),
    templates: [...TEMPLATES.filter((name) => present.has(name)), ...others.sort()],
    terraform: names.filter((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name)).sort(),
  };
}

/** Output directories of build tools: a template in them belongs to the project above. */
const BUILD_DIRECTORIES = [".aws-sam", "cdk.out", ".serverless"];

/** The part of a template's path that is the project's directory, as path segments. */
export function projectParts(directories: readonly string[]): readonly string[] {
  const at = directories.findIndex((name) => BUILD_DIRECTORIES.includes(name));
  return at < 0 ? directories : directories.slice(0, at);
}

/** What to do about several candidates for `-t`, one line each. */
export function choices(files: readonly string[]): string {
  return files.map((file) => `  -t ${file}`).join("\n");
}

/** Names in a sentence: `a, b and c`. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
