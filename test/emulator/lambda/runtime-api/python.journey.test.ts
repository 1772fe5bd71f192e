// @module-tag journey
import { beforeAll, describe } from "vitest";
import { createRuntimeApi } from "../../../../src/emulator/lambda/runtime-api/runtime-api.ts";
import { describeLambdaEndings } from "../../../contracts/lambda-endings.ts";
import { describeLambdaRuntime } from "../../../contracts/lambda-runtime.ts";
import { buildLambdaChild, lacksPython, observed } from "../../../contracts/lambda-setup.ts";

beforeAll(buildLambdaChild);

const skipped = await lacksPython();
const title = skipped ? "Python, which is missing here" : "Python";

// `npm test` runs the same cases in Node: child-process.test.ts and in-process.test.ts.
describe.skipIf(skipped)(title, () => {
  describeLambdaRuntime(() => observed(createRuntimeApi()), false, "python");
  describeLambdaEndings(() => observed(createRuntimeApi()), false, "python");
});
