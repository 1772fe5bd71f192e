import { afterAll, expect } from "vitest";

// Files run one after the other in one process. One that changed it would be found out by the tests of
// another: it has to leave things as they were.

const environment = process.env;
const before = stateOfProcess();

afterAll(() => {
  expect(process.env === environment, "process.env is the same object").toBe(true);
  expect(stateOfProcess()).toEqual(before);
});

function stateOfProcess() {
  const {
    VITEST_POOL_ID: _,
    VITEST_WORKER_ID: __,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: ___, // set when the SDK of deployments is loaded
    ...variables
  } = process.env;
  return { variables, folder: process.cwd() };
}
