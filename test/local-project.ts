import { checkProject } from "../src/definition/checks.ts";
import { type LocalProject, localProject } from "../src/definition/local-project.ts";
import { parseRouteExpression } from "../src/emulator/apigateway/message/rules/route-expression.ts";

/** The project of a definition as it runs on this machine. */
export function localProjectOf(definition: unknown): LocalProject {
  const { project } = checkProject(definition, "test", { parseExpression: parseRouteExpression });
  return localProject(project, {
    region: "us-east-1",
    accountId: "123456789012",
    idOf: ({ key }) => `${key}-id`,
    hostOf: ({ key }) => `${key}.example.com`,
  });
}
