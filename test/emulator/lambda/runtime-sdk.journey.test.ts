import { ROWS, testRuntimeSdk } from "./runtime-sdk.ts";

testRuntimeSdk(ROWS);
