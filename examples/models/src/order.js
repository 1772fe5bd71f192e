// API Gateway calls this only for messages that fit their model, so nothing here checks the fields.
export const handler = async ({ body }) => {
  const { kind, to } = JSON.parse(body);
  return { statusCode: 200, body: `${kind} to ${to.city}` };
};
