/**
 * What the modules of terraform-aws-modules create from their inputs, limited to what matters here. Their own
 * files are in a registry, and run programs to create packages.
 * @see https://registry.terraform.io/namespaces/terraform-aws-modules
 */
const APIGATEWAY_V2 = `
variable "name" { default = "" }
variable "description" { default = null }
variable "protocol_type" { default = "HTTP" }
variable "route_selection_expression" { default = "$request.method $request.path" }
variable "api_key_selection_expression" { default = null }
variable "body" { default = null }
variable "create" { default = true }
variable "create_stage" { default = true }
variable "create_default_stage" { default = true }
variable "stage_name" { default = "$default" }
variable "stage_variables" { default = {} }
variable "default_stage_access_log_destination_arn" { default = null }
variable "stage_default_route_settings" { default = {} }
variable "default_route_settings" { default = {} }
variable "create_domain_name" { default = true }
variable "create_api_domain_name" { default = true }
variable "domain_name" { default = "" }
variable "api_mapping_key" { default = null }
variable "authorizers" { default = {} }
variable "routes" { default = {} }
variable "integrations" { default = {} }

locals {
  settings = merge(var.default_route_settings, var.stage_default_route_settings)
  # versions before 5 have the integration around the route
  routes = merge(
    { for key, each in var.routes : key => each },
    { for key, each in var.integrations : key => merge(each, { integration = each }) },
  )
}

resource "aws_apigatewayv2_api" "this" {
  count                        = var.create ? 1 : 0
  name                         = var.name
  description                  = var.description
  protocol_type                = var.protocol_type
  route_selection_expression   = var.route_selection_expression
  api_key_selection_expression = var.api_key_selection_expression
  body                         = var.body
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each                   = var.authorizers
  api_id                     = aws_apigatewayv2_api.this[0].id
  authorizer_type            = try(each.value.authorizer_type, null)
  authorizer_uri             = try(each.value.authorizer_uri, null)
  authorizer_credentials_arn = try(each.value.authorizer_credentials_arn, null)
  identity_sources           = try(flatten([each.value.identity_sources]), null)
  name                       = try(coalesce(each.value.name, each.key), each.key)
}

resource "aws_apigatewayv2_integration" "this" {
  for_each                      = local.routes
  api_id                        = aws_apigatewayv2_api.this[0].id
  integration_type              = try(coalesce(each.value.integration.type, each.value.integration.integration_type), "AWS_PROXY")
  integration_uri               = try(each.value.integration.uri, each.value.integration.lambda_arn, each.value.integration.integration_uri, null)
  integration_method            = try(each.value.integration.method, each.value.integration.integration_method, null)
  credentials_arn               = try(each.value.integration.credentials_arn, null)
  content_handling_strategy     = try(each.value.integration.content_handling_strategy, null)
  passthrough_behavior          = try(each.value.integration.passthrough_behavior, null)
  request_parameters            = try(each.value.integration.request_parameters, null)
  request_templates             = try(each.value.integration.request_templates, null)
  template_selection_expression = try(each.value.integration.template_selection_expression, null)
  timeout_milliseconds          = try(each.value.integration.timeout_milliseconds, null)
}

resource "aws_apigatewayv2_route" "this" {
  for_each                            = local.routes
  api_id                              = aws_apigatewayv2_api.this[0].id
  route_key                           = each.key
  target                              = "integrations/\${aws_apigatewayv2_integration.this[each.key].id}"
  api_key_required                    = try(each.value.api_key_required, null)
  authorization_type                  = try(each.value.authorization_type, null)
  authorizer_id                       = try(aws_apigatewayv2_authorizer.this[each.value.authorizer_key].id, each.value.authorizer_id, null)
  model_selection_expression          = try(each.value.model_selection_expression, null)
  operation_name                      = try(each.value.operation_name, null)
  request_models                      = try(each.value.request_models, null)
  route_response_selection_expression = try(each.value.route_response_selection_expression, null)
}

resource "aws_apigatewayv2_stage" "this" {
  count           = var.create && var.create_stage && var.create_default_stage ? 1 : 0
  api_id          = aws_apigatewayv2_api.this[0].id
  name            = var.stage_name
  stage_variables = var.stage_variables

  dynamic "default_route_settings" {
    for_each = length(keys(local.settings)) > 0 ? [local.settings] : []
    content {
      data_trace_enabled       = try(default_route_settings.value.data_trace_enabled, null)
      detailed_metrics_enabled = try(default_route_settings.value.detailed_metrics_enabled, null)
      logging_level            = try(default_route_settings.value.logging_level, null)
      throttling_burst_limit   = try(default_route_settings.value.throttling_burst_limit, null)
      throttling_rate_limit    = try(default_route_settings.value.throttling_rate_limit, null)
    }
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count           = var.domain_name != "" && var.create_domain_name && var.create_api_domain_name ? 1 : 0
  api_id          = aws_apigatewayv2_api.this[0].id
  domain_name     = var.domain_name
  stage           = var.stage_name
  api_mapping_key = var.api_mapping_key
}

output "api_id" { value = aws_apigatewayv2_api.this[0].id }
output "api_arn" { value = aws_apigatewayv2_api.this[0].arn }
output "api_endpoint" { value = aws_apigatewayv2_api.this[0].api_endpoint }
output "api_execution_arn" { value = aws_apigatewayv2_api.this[0].execution_arn }
output "authorizers" { value = aws_apigatewayv2_authorizer.this }
output "integrations" { value = aws_apigatewayv2_integration.this }
output "routes" { value = aws_apigatewayv2_route.this }
output "stage_id" { value = aws_apigatewayv2_stage.this[0].id }
output "stage_arn" { value = aws_apigatewayv2_stage.this[0].arn }
output "stage_execution_arn" { value = aws_apigatewayv2_stage.this[0].execution_arn }
output "stage_invoke_url" { value = aws_apigatewayv2_stage.this[0].invoke_url }
output "apigatewayv2_api_id" { value = aws_apigatewayv2_api.this[0].id }
output "apigatewayv2_api_arn" { value = aws_apigatewayv2_api.this[0].arn }
output "apigatewayv2_api_api_endpoint" { value = aws_apigatewayv2_api.this[0].api_endpoint }
output "apigatewayv2_api_execution_arn" { value = aws_apigatewayv2_api.this[0].execution_arn }
output "default_apigatewayv2_stage_id" { value = aws_apigatewayv2_stage.this[0].id }
output "default_apigatewayv2_stage_invoke_url" { value = aws_apigatewayv2_stage.this[0].invoke_url }
`;

const LAMBDA = `
variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_package" { default = true }
variable "create_role" { default = true }
variable "function_name" { default = "" }
variable "layer_name" { default = "" }
variable "description" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "architectures" { default = null }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "layers" { default = null }
variable "environment_variables" { default = {} }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }
variable "lambda_role" { default = "" }
variable "role_name" { default = null }
variable "attach_policy" { default = false }
variable "policy" { default = null }
variable "attach_policies" { default = false }
variable "policies" { default = [] }
variable "attach_policy_json" { default = false }
variable "policy_json" { default = null }
variable "attach_policy_jsons" { default = false }
variable "policy_jsons" { default = [] }
variable "attach_policy_statements" { default = false }
variable "policy_statements" { default = {} }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }

locals {
  source_paths = flatten([var.source_path])
  # of several sources, and of those with commands, the first that has a path
  sources = compact([for each in local.source_paths : try(each.path, tostring(each), null)])
  source  = try(local.sources[0], null)
  policies = concat(
    var.attach_policy_json ? [var.policy_json] : [],
    var.attach_policy_jsons ? var.policy_jsons : [],
    var.attach_policy_statements ? [data.aws_iam_policy_document.this.json] : [],
  )
}

resource "aws_lambda_function" "this" {
  count         = var.create && var.create_function && !var.create_layer ? 1 : 0
  function_name = var.function_name
  description   = var.description
  handler       = var.package_type == "Zip" ? var.handler : null
  runtime       = var.package_type == "Zip" ? var.runtime : null
  architectures = var.architectures
  memory_size   = var.memory_size
  timeout       = var.timeout
  layers        = var.layers
  package_type  = var.package_type
  image_uri     = var.image_uri
  filename      = var.package_type == "Zip" ? try(coalesce(var.local_existing_package, local.source), null) : null
  s3_bucket     = try(var.s3_existing_package.bucket, null)
  s3_key        = try(var.s3_existing_package.key, null)
  role          = var.create_role ? aws_iam_role.this[0].arn : var.lambda_role

  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) > 0 ? [var.environment_variables] : []
    content {
      variables = environment.value
    }
  }
}

resource "aws_lambda_layer_version" "this" {
  count      = var.create && var.create_layer ? 1 : 0
  layer_name = var.layer_name
  filename   = try(coalesce(var.local_existing_package, local.source), null)
  s3_bucket  = try(var.s3_existing_package.bucket, null)
  s3_key     = try(var.s3_existing_package.key, null)
}

data "aws_iam_policy_document" "this" {
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create && var.create_function && !var.create_layer && var.create_role ? 1 : 0
  name  = coalesce(var.role_name, var.function_name)
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  managed_policy_arns = concat(
    ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
    var.attach_policy ? [var.policy] : [],
    var.attach_policies ? var.policies : [],
  )
}

resource "aws_iam_role_policy" "this" {
  for_each = { for at, each in local.policies : "\${at}" => each if var.create_role }
  role     = try(aws_iam_role.this[0].name, null)
  policy   = each.value
}

resource "aws_lambda_permission" "this" {
  for_each      = var.create_function && !var.create_layer ? var.allowed_triggers : {}
  function_name = aws_lambda_function.this[0].function_name
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each         = var.create_function && !var.create_layer ? var.event_source_mapping : {}
  function_name    = aws_lambda_function.this[0].arn
  event_source_arn = try(each.value.event_source_arn, null)

  dynamic "filter_criteria" {
    for_each = try(flatten([each.value.filter_criteria]), [])
    content {
      filter {
        pattern = try(filter_criteria.value.pattern, null)
      }
    }
  }
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_qualified_invoke_arn" { value = try(aws_lambda_function.this[0].qualified_invoke_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.this[0].name, "") }
`;

const DYNAMODB_TABLE = `
variable "create_table" { default = true }
variable "name" { default = null }
variable "attributes" { default = [] }
variable "hash_key" { default = null }
variable "range_key" { default = null }
variable "billing_mode" { default = "PAY_PER_REQUEST" }
variable "read_capacity" { default = null }
variable "write_capacity" { default = null }
variable "ttl_enabled" { default = false }
variable "ttl_attribute_name" { default = "" }
variable "global_secondary_indexes" { default = [] }
variable "local_secondary_indexes" { default = [] }
variable "stream_enabled" { default = false }
variable "stream_view_type" { default = null }

resource "aws_dynamodb_table" "this" {
  count            = var.create_table ? 1 : 0
  name             = var.name
  billing_mode     = var.billing_mode
  hash_key         = var.hash_key
  range_key        = var.range_key
  read_capacity    = var.read_capacity
  write_capacity   = var.write_capacity
  stream_enabled   = var.stream_enabled
  stream_view_type = var.stream_view_type

  dynamic "ttl" {
    for_each = var.ttl_enabled ? [var.ttl_attribute_name] : []
    content {
      enabled        = true
      attribute_name = ttl.value
    }
  }
  dynamic "attribute" {
    for_each = var.attributes
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }
  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes
    content {
      name               = global_secondary_index.value.name
      hash_key           = global_secondary_index.value.hash_key
      range_key          = try(global_secondary_index.value.range_key, null)
      projection_type    = try(global_secondary_index.value.projection_type, "ALL")
      non_key_attributes = try(global_secondary_index.value.non_key_attributes, null)
    }
  }
  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes
    content {
      name               = local_secondary_index.value.name
      range_key          = local_secondary_index.value.range_key
      projection_type    = try(local_secondary_index.value.projection_type, "ALL")
      non_key_attributes = try(local_secondary_index.value.non_key_attributes, null)
    }
  }
}

output "dynamodb_table_arn" { value = try(aws_dynamodb_table.this[0].arn, "") }
output "dynamodb_table_id" { value = try(aws_dynamodb_table.this[0].id, "") }
output "dynamodb_table_stream_arn" { value = try(aws_dynamodb_table.this[0].stream_arn, null) }
`;

const MODULES: Readonly<Record<string, string>> = {
  "apigateway-v2": APIGATEWAY_V2,
  "dynamodb-table": DYNAMODB_TABLE,
  lambda: LAMBDA,
};

/** The equivalent HCL of a known module of terraform-aws-modules; undefined for others. */
export function knownModule(source: string): string | undefined {
  const name =
    /^(?:[\w.-]+\/)?terraform-aws-modules\/([\w-]+)\/aws$/.exec(source)?.[1] ??
    /terraform-aws-modules\/terraform-aws-([\w-]+?)(?:\.git)?(?:\?.*)?$/.exec(source)?.[1];
  return name !== undefined && Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
}
