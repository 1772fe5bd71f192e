export async function connect() {
  return { statusCode: 200 };
}

export async function greet({ requestContext: { authorizer } }) {
  return { statusCode: 200, body: `Hello, ${authorizer.principalId}.` };
}
