import { afterAll, expect, vi } from "vitest";

// Files run one after the other in one process, so each must restore what it changed.

const environment = process.env;
const before = stateOfProcess();
const listeners = runnersListeners();

afterAll(() => {
  expect(process.env === environment, "process.env is the same object").toBe(true);
  expect(stateOfProcess()).toEqual(before);
  expect(runnersListeners(), "the runner hears of errors").toEqual(
    expect.arrayContaining(listeners),
  );
});

function stateOfProcess() {
  const {
    VITEST_POOL_ID: _,
    VITEST_WORKER_ID: __,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: ___, // set when the SDK of deployments is loaded
    ...variables
  } = process.env;
  return {
    variables,
    directory: process.cwd(),
    user: process.geteuid?.(),
    hasFakeTimers: vi.isFakeTimers(),
  };
}

function runnersListeners(): unknown[] {
  return [...process.listeners("uncaughtException"), ...process.listeners("unhandledRejection")];
}
