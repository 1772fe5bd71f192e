import { beforeAll } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process.ts";
import { describeLambdaRuntime } from "../../contracts/lambda-runtime.ts";
import { buildLambdaChild, observed } from "../../contracts/lambda-setup.ts";

beforeAll(buildLambdaChild);

describeLambdaRuntime(() => observed(createChildProcesses()), false);
