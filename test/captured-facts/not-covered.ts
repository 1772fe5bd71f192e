/** What keeps facts from being run. */
export type Missing = {
  readonly because: string;
  /** Beginnings of the ids of facts. */
  readonly ids: readonly string[];
};

/** Facts that nothing runs, and why. A part that comes to exist leaves this list. */
export const NOT_COVERED: readonly Missing[] = [
  {
    because: "nothing here deletes or asks for one authorizer",
    ids: ["control-authorizer-in-use", "control-authorizer-unknown"],
  },
  {
    because: "the settings of the account are not known",
    ids: ["control-log-no-account-role"],
  },
  { because: "a definition that is saved counts as deployed", ids: ["deploy-needed"] },
  { because: "stages are changed in the definition, not by calls", ids: ["stage-variables-merge"] },
];
