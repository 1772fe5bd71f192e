import { expect } from "vitest";
import type { AuthorizerEvent } from "../../src/testing/index.ts";
import type { CapturedFact } from "./fact.ts";
import { expectAnswer, handshake, KEYS, sceneOf } from "./scene.ts";
import type { Header } from "./wire.ts";

// Captured of a REST API, whose front door is the same.

/** A key that is not known, not enabled, or of no plan. */
export async function badKeys(fact: CapturedFact): Promise<void> {
  const [header] = (fact.request?.headers ?? []) as readonly Header[];
  const [name, unknown] = header ?? ["", ""];
  for (const value of [unknown, KEYS.disabled, KEYS.unassigned]) {
    const scene = await sceneOf({ isKeyed: true });

    const { answer, known } = await handshake(scene, "/dev", [[name, value]]);

    expectAnswer(answer, fact.expect, known);
    expect(scene.gateway.invocations()).toEqual([]);
  }
}

/**
 * Of a client without a key the authorizer is asked first. Its own refusal is that of a WebSocket API, which has no
 * error type; of IAM, which is not emulated on `$connect`, nothing is asked here.
 */
export async function keyAfterAuthorizer(fact: CapturedFact): Promise<void> {
  for (const Effect of ["Deny", "Allow"]) {
    const scene = await sceneOf({
      isKeyed: true,
      identitySource: [],
      handlers: {
        check: async ({ methodArn }: AuthorizerEvent) => ({
          policyDocument: {
            Version: "2012-10-17",
            Statement: [{ Action: "execute-api:Invoke", Effect, Resource: methodArn }],
          },
        }),
      },
    });

    const { answer } = await handshake(scene);

    const [status, type] = String(fact.expect[`${Effect.toLowerCase()}+no key`]).split(" ");
    expect(String(answer.statusCode)).toBe(status);
    expect(scene.gateway.invocations("check")).toHaveLength(1);
    const byKey = answer.headers.find(([name]) => name === "x-amzn-ErrorType")?.[1];
    expect(byKey).toBe(Effect === "Deny" ? undefined : type);
  }
}
