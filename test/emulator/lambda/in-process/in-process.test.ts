import { createInProcess } from "../../../../src/emulator/lambda/in-process/in-process.ts";
import { describeLambdaEndings } from "../../../contracts/lambda-endings.ts";
import { describeLambdaRuntime } from "../../../contracts/lambda-runtime.ts";
import { manualClock, observed } from "../../../contracts/lambda-setup.ts";

describeLambdaRuntime(() => observed(createInProcess({ clock: manualClock() })), true);
describeLambdaEndings(() => observed(createInProcess({ clock: manualClock() })), true);
