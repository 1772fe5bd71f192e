/** Accepts every connection. */
export async function connect() {
  return { statusCode: 200 };
}

/** Allows every client, with some context. */
export async function check({ methodArn }) {
  return {
    principalId: "ann",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }],
    },
    context: { room: "blue", level: 7 },
  };
}
