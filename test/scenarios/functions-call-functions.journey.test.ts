import { describeCalls } from "./function-calls.ts";

describeCalls("child-process", "v2");
describeCalls("in-process", "v3");
