import { basename, resolve } from "node:path";

const LONGEST = 40;
const NAME = new RegExp(`^[a-z][a-z0-9-]{0,${LONGEST - 1}}$`);

/**
 * Whether a new project may be called so. The name is that of the package, of the API, of its stack and,
 * with the stage's and the function's added, of its functions, which may have 64 characters.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function isProjectName(text: string): boolean {
  return NAME.test(text);
}

/** The name that suits a project in `folder`: made of the folder's own, or `chat` when nothing of it is left. */
export function projectNameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
  return name === "" ? "chat" : name;
}
