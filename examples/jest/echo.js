exports.handler = async ({ body }) => ({ statusCode: 200, body: body.toUpperCase() });
