const users = { "token-of-ann": "ann", "token-of-bob": "bob" };

/** Lets in who brings a known token. A missing or empty one is refused without this function. */
export async function handler({ methodArn, queryStringParameters: { token } }) {
  if (!Object.hasOwn(users, token)) throw new Error("Unauthorized");
  return {
    principalId: users[token],
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }],
    },
  };
}
