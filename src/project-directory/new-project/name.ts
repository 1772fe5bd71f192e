import { basename, resolve } from "node:path";

const LONGEST = 40;
const NAME = new RegExp(`^[a-z][a-z0-9-]{0,${LONGEST - 1}}$`);

/**
 * Whether a name is valid for a new project. It is the name of the package, of the API, of its stack and,
 * with those of stage and function, of its functions, which have at most 64 characters.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function isProjectName(text: string): boolean {
  return NAME.test(text);
}

/**
 * The default name of a project in `directory`: derived from the directory's name, or `chat` if nothing of it is
 * valid.
 */
export function projectNameOf(directory: string): string {
  const name = basename(resolve(directory))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
  return name === "" ? "chat" : name;
}
