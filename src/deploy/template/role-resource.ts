import type { Json, Resource } from "./model.ts";

/** A role with one policy, which an AWS service assumes. */
export function roleResource(role: {
  readonly service: string;
  readonly description: string;
  readonly policyName: string;
  readonly statements: readonly Json[];
}): Resource {
  const { service, description, policyName, statements } = role;
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: policy([
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } },
      ]),
      Description: description,
      Policies: [{ PolicyName: policyName, PolicyDocument: policy(statements) }],
    },
  };
}

function policy(statements: readonly Json[]): Json {
  return { Version: "2012-10-17", Statement: statements };
}
