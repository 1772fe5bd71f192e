// @module-tag journey
import { describeCalls } from "./function-calls.ts";

describeCalls("child-process", "v2");
describeCalls("child-process", "v3");
describeCalls("in-process", "v3");
