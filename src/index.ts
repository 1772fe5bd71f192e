/** What a project imports: its definition, the types of its handlers' events, and the errors that wsgw throws. */
export type {
  AfterBundle,
  ApiDefinition,
  AuthorizerDefinition,
  BeforeBundle,
  ChangeTemplate,
  ConnectionTableDefinition,
  CustomDomainDefinition,
  DeployDefinition,
  DeployHooks,
  FunctionDefinition,
  IdentityDefinition,
  IndexDefinition,
  IntegrationDefinition,
  KeyDefinition,
  LoggingDefinition,
  PermissionsDefinition,
  ProjectDefinition,
  ProjectRouteDefinition,
  ProjectStageDefinition,
  Reference,
  ReferenceName,
  RoleStatement,
  RouteDefinition,
  Runtime,
  SignerDefinition,
  StageDefinition,
  TableDefinition,
  TemplateDefinition,
  Value,
  WebSocketApiDefinition,
} from "./definition/project.ts";
export { defineApi, defineProject, fromTemplate, ref } from "./definition/project.ts";
export type { AuthorizerEvent } from "./emulator/apigateway/authorizers/rules/authorizer-event.ts";
export type {
  ConnectEvent,
  DisconnectEvent,
  MessageEvent,
  WebSocketEvent,
} from "./emulator/apigateway/rules/events.ts";
export { type ErrorCode, WsgwError } from "./errors.ts";
