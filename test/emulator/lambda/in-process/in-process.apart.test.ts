import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createInProcess } from "../../../../src/emulator/lambda/in-process/in-process.ts";
import { manualClock, observed, runFunction } from "../../../contracts/lambda-setup.ts";
import { withoutRunnersListeners } from "../../../for-a-while.apart.ts";

test("an unhandled rejection cannot be distinguished from the host's own", async () => {
  const runtime = observed(createInProcess({ clock: manualClock() }));
  const run = await runFunction(runtime, { handler: "crashes.rejected", isInProcess: true });
  onTestFinished(() => run.lambda.stop());
  withoutRunnersListeners("unhandledRejection");
  const told = once(process, "unhandledRejection");

  void run.invoke("hello");

  expect((await told)[0]).toMatchObject({ message: "nobody handles this" });
});
