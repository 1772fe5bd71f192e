export const handler = async ({ body }) => ({ statusCode: 200, body: body.toUpperCase() });
