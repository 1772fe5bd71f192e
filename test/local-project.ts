import { checkProject } from "../src/definition/checks.ts";
import { type LocalProject, localProject } from "../src/definition/local-project.ts";
import type { Project } from "../src/definition/project.ts";
import { parseRouteExpression } from "../src/emulator/apigateway/message/rules/route-expression.ts";

/** The project of a definition. */
export function projectOf(definition: unknown): Project {
  return checkProject(definition, "test", { parseExpression: parseRouteExpression }).project;
}

/** A project as it runs on this machine. */
export function onThisMachine(project: Project): LocalProject {
  return localProject(project, {
    root: "/project",
    region: "us-east-1",
    accountId: "123456789012",
    idOf: ({ key }) => `${key}-id`,
    hostOf: ({ key }) => `${key}.example.com`,
  });
}

/** The project of a definition as it runs on this machine. */
export function localProjectOf(definition: unknown): LocalProject {
  return onThisMachine(projectOf(definition));
}
