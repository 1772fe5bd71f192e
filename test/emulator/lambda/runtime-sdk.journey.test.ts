// @module-tag journey
import { ROWS, testRuntimeSdk } from "./runtime-sdk.ts";

testRuntimeSdk(ROWS);
