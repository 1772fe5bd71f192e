/**
 * Whether a file is a Serverless Framework service: by its name, unless it is a template, or by the words of
 * a YAML file.
 */
export function isServiceFile(file: string, text: string): boolean {
  const name = file.replace(/^.*[\\/]/, "");
  if (/[\\/]\.serverless[\\/]/.test(file)) return false;
  const isTemplate = /^(?:AWSTemplateFormatVersion|Resources)\s*:|"AWSTemplateFormatVersion"/m.test(
    text,
  );
  if (/^serverless([.-][\w.-]+)?\.(?:ya?ml|json)$/.test(name)) return !isTemplate;
  if (/^serverless([.-][\w.-]+)?\.[cm]?[jt]s$/.test(name)) return true;
  return /\.ya?ml$/.test(name) && /^service:/m.test(text) && /^provider:/m.test(text);
}

/** The file names in a service's variables, as written: `${file(./functions.yml)}`. */
export function filesOfVariables(text: string): readonly string[] {
  const named = text.matchAll(/\$\{file\(\s*["']?([^)"'${},]+)/g);
  return [...named].map(([, path = ""]) => path.trim());
}
