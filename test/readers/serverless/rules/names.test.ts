import { expect, test } from "vitest";
import {
  alphanumeric,
  functionId,
  layerId,
  nameInArn,
  normalized,
  pathId,
  routeId,
} from "../../../../src/readers/serverless/rules/names.ts";

test("names become logical ids as Serverless makes them", () => {
  expect(normalized("send-mail_to-all_now")).toBe("SendDashmailUnderscoretoDashallUnderscorenow");
  expect(alphanumeric("my-own_jobs.fifo")).toBe("Myownjobsfifo");
  expect(functionId("send-mail")).toBe("SendDashmailLambdaFunction");
  expect(layerId("own_code")).toBe("OwnUnderscorecodeLambdaLayer");
});

test("routes become logical ids with words for what is not a letter", () => {
  expect(routeId("$connect")).toBe("SconnectWebsocketsRoute");
  expect(routeId("$a/b-c_d.e")).toBe("SaSlashbDashcUnderscoredPeriodeWebsocketsRoute");
});

test("paths become logical ids with Var for parameters", () => {
  expect(pathId("/rooms/{id}")).toBe("RoomsIdVar");
  expect(pathId("/My-Rooms/{proxy+}/a.b_c")).toBe("MyDashroomsProxyVarAbc");
});

test("an authorizer is called as the function in its ARN", () => {
  expect(nameInArn("arn:aws:lambda:us-east-1:1:function:auth")).toBe("auth");
  expect(nameInArn("auth")).toBe("auth");
});
