import { didYouMean, type Report, shown } from "./faults.ts";
import { AWS_IAM } from "./integrations.ts";
import { checkCount } from "./limits.ts";
import { type Api, entriesOf } from "./raw-parts.ts";

/** API Gateway accepts an authorizer only on `$connect`, and at most ten in an API. */
export function checkAuthorizers(api: Api, report: Report): void {
  const { authorizers, routes } = api.definition;
  const names = entriesOf(authorizers).map(([name]) => name);
  checkCount("authorizers", [...api.path, "authorizers"], authorizers, report);
  if (names.includes(AWS_IAM)) {
    report(
      [...api.path, "authorizers", AWS_IAM],
      'cannot name an authorizer, because `authorizer: "AWS_IAM"` means IAM authorization. Use another name.',
    );
  }
  for (const [key, { authorizer }] of entriesOf(routes)) {
    if (typeof authorizer !== "string") continue;
    const path = [...api.path, "routes", key, "authorizer"];
    if (key !== "$connect") {
      report(
        path,
        "Currently, authorization is restricted to the $connect route only. Remove `authorizer` from this route.",
      );
    } else if (authorizer !== AWS_IAM && !names.includes(authorizer)) {
      const has =
        names.length === 0
          ? "There are no `authorizers`"
          : `\`authorizers\` has ${names.join(", ")}`;
      const instead = didYouMean(authorizer, [...names, AWS_IAM]) ?? `. ${has}.`;
      const problem = `${shown(authorizer)} is not the name of an authorizer (API Gateway: Invalid Authorizer identifier specified)`;
      report(path, `${problem}${instead}`);
    }
  }
}
