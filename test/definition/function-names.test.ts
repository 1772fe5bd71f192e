import { expect, test } from "vitest";
import {
  type ApiDefinition,
  defineApi,
  defineProject,
  type FunctionDefinition,
  type ProjectDefinition,
} from "../../src/index.ts";

// The compiler is the judge here: `tsc` fails where a line that must be an error is none.

const api = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
} as const;
const functions = { join: { handler: "a.join" }, send: { handler: "a.send" } };

test("takes the names of functions, and those that are known only when it runs", () => {
  const name: string = "join";
  const routes = { join: { function: "join" } };
  const generated = Object.fromEntries(
    [name].map((each) => [each, { handler: `a.${each}` }] as const),
  );
  const frozen = { ...api, functions, routes: { join: { function: "join" } } } as const;
  const typed: ApiDefinition = frozen;
  const known: Readonly<Record<string, FunctionDefinition>> = { ...generated, ...functions };

  const taken: readonly ApiDefinition[] = [
    defineApi({ ...api, functions, routes: { $connect: { function: "join" } } }),
    defineApi({ ...api, functions, routes }),
    defineApi({ ...api, functions, routes: { [name]: { function: name } } }),
    defineApi({ ...api, functions: generated, routes: { join: { function: "made" } } }),
    defineApi({ ...api, functions: known, routes: { join: { function: "made" } } }),
    defineApi({
      ...api,
      functions: { ...functions, last: { handler: "a.last" } },
      routes: { join: { function: "join" }, last: { function: "last", routeResponse: true } },
    }),
    defineApi({ ...api, functions, routes: { x: { integration: { type: "mock" } } } }),
    defineApi(frozen),
    defineApi(typed),
    defineApi({ ...typed, routes: { join: { function: "made" } } }),
  ];

  expect(taken.every(({ name }) => name === "chat")).toBe(true);
});

test("the name of a function that is not there is an error of the compiler", () => {
  const misspelt: readonly (ApiDefinition | ProjectDefinition)[] = [
    // @ts-expect-error "sendd" is not in `functions`
    defineApi({ ...api, functions, routes: { send: { function: "sendd" } } }),
    defineApi({
      ...api,
      functions: { ...functions, last: { handler: "a.last" } },
      // @ts-expect-error "lost" is not in `functions`
      routes: { send: { function: "send" }, last: { function: "lost" } },
    }),
    defineProject({
      name: "games",
      functions,
      apis: {
        chess: {
          routeSelectionExpression: "$request.body.action",
          stages: { dev: {} },
          // @ts-expect-error "move" is not in `functions`
          routes: { join: { function: "join" }, move: { function: "move" } },
        },
      },
    }),
    // @ts-expect-error a route needs a function or an integration
    defineApi({ ...api, functions, routes: { send: {} } }),
    // @ts-expect-error the name of a field is still checked
    defineApi({ ...api, functions, routes: { send: { function: "send", routeRespons: true } } }),
  ];

  expect(misspelt).toHaveLength(5);
});
