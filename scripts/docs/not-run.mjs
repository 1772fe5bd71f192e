/** Every block that is not run, by its first line, and why. Nothing else may stand in a page unrun. */
export const NOT_RUN = [
  {
    page: "docs/serverless.md",
    begins: "npx serverless package",
    why: "it downloads the Serverless Framework; the judges' tests run it",
  },
  {
    page: "docs/terraform.md",
    begins: "terraform plan -out tfplan",
    why: "a plan takes providers and an account; the projects under fixtures/projects have plans, which tests serve",
  },
  {
    page: "bench/README.md",
    begins: "npm run bench                          one to two minutes on two cores",
    why: "it takes minutes; .ci/run has a short one, and test/bench/usage.test.ts looks its options up",
  },
];
