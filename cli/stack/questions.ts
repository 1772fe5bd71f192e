import type { DeployResult, Question } from "../../src/app.ts";

/** A question as lines, without its question mark. */
export function askText(question: Question): readonly string[] {
  switch (question.kind) {
    case "create-bucket":
      return [`Create the bucket ${question.bucket} in ${question.region} for the code?`];
    case "lose-data":
      return [
        ...question.changes.map(({ logicalId, effect }) => {
          const word = effect === "remove" ? "removed" : "replaced by an empty one";
          return `The table ${logicalId} would be ${word}.`;
        }),
        "Continue?",
      ];
    case "destroy":
      return [
        ...question.resources.map(({ logicalId, type }) => `- ${logicalId}  ${type}`),
        ...question.retained.map((logicalId) => `  ${logicalId} stays`),
        `Delete the stack ${question.stackName}?`,
      ];
    default:
      return question satisfies never;
  }
}

/** The meaning of "no"; `asked` is whether a user was asked. */
export function declinedText(question: Question, asked: boolean): readonly string[] {
  const what = askText(question);
  const hint = "Nothing was changed.";
  if (asked) return [hint];
  return [
    `This needs a yes: ${what.at(-1)}`,
    ...what.slice(0, -1),
    `${hint} Confirm it with --yes.`,
  ];
}

type CodeReached = NonNullable<Extract<DeployResult, { kind: "interrupted" }>["code"]>;

function codeText({ updated, sent, unchanged }: CodeReached): readonly string[] {
  const line = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(", ")}`];
  const isUntouched = updated.length + sent.length === 0;
  return [
    isUntouched ? "Stopped. No function was changed." : "Stopped between the functions.",
    ...line("Has its new code", updated),
    ...line("Got its new code, which Lambda is still applying", sent),
    ...line("Not changed", unchanged),
    "wsgw deploy --code-only continues. wsgw deploy also updates CloudFormation.",
  ];
}

/** What continues on AWS after Ctrl-C, and how to watch or cancel it. */
export function interruptedText(
  stackName: string,
  running: "create" | "update" | "delete" | undefined,
  command: "deploy" | "destroy",
  code: CodeReached | undefined,
): readonly string[] {
  const again = `wsgw ${command}`;
  if (code !== undefined) return codeText(code);
  if (running === undefined) {
    return ["Stopped. The stack was not changed.", `To continue: ${again}`];
  }
  const verb = { create: "create", update: "update", delete: "delete" }[running];
  const cancel =
    running === "update"
      ? `To cancel it: aws cloudformation cancel-update-stack --stack-name ${stackName}`
      : running === "create"
        ? "To cancel it: wsgw destroy"
        : "A deletion cannot be cancelled.";
  return [
    `Stopped watching. CloudFormation continues to ${verb} the stack ${stackName}.`,
    `To watch again: ${again}`,
    cancel,
  ];
}
