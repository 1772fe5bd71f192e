/** A definition in which each function has a two-way route of its name. */
export function routed<Functions extends Readonly<Record<string, object>>>(functions: Functions) {
  return {
    name: "routed",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions,
    routes: Object.fromEntries(
      Object.keys(functions).map((name) => [name, { function: name, routeResponse: true }]),
    ),
  };
}
