"""Starts moto_server on a free port of 127.0.0.1 and prints the port.

moto's CloudFormation does not know AWS::ApiGatewayV2::*, AWS::Lambda::Alias, API keys or usage plans, and drops layers. Here its resources are handed, as
the template has them, to moto's own apigatewayv2 and apigateway backends. Nothing is mended or filled in: what the template gets wrong is wrong
there too. Also taken over after a change set: outputs, parameters and tags, which moto leaves as they were.
"""

import os
import re
import signal
import sys
import uuid

from moto.apigateway import models as rest
from moto.apigatewayv2 import models as v2
from moto.awslambda import models as functions
from moto.cloudformation import models as cloudformation
from moto.core.common_models import CloudFormationModel
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def arguments(properties, defaults):
    """Properties as the backend's methods name them; one that the backend does not know is an error there."""
    given = {snake(key): value for key, value in properties.items() if key != "ApiId"}
    return {**{name: None for name in defaults}, **given}


class Described:
    """What all resource types share; each says its type, how it is made and how it goes."""

    def __init__(self, properties, account_id, region):
        self.properties = properties
        self.backend = v2.apigatewayv2_backends[account_id][region]
        self.make()

    @property
    def api_id(self):
        return self.properties["ApiId"]

    @property
    def api(self):
        return self.backend.get_api(self.api_id)

    def is_created(self):
        return True

    def delete(self, account_id, region):
        if self.api_id in self.backend.apis:  # with its API all of it goes
            self.remove()

    def get_cfn_attribute(self, name):
        return self.attributes[name]

    @property
    def attributes(self):
        return {}


def register(type_name, replaced_by_update=()):
    """Makes a direct subclass of CloudFormationModel, which is where moto looks for resource types."""

    def decorate(plain):
        def create(cls, resource_name, cloudformation_json, account_id, region_name, **_):
            return cls(cloudformation_json["Properties"], account_id, region_name)

        def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
            properties = cloudformation_json["Properties"]
            before = original_resource.properties
            if any(before.get(name) != properties.get(name) for name in replaced_by_update):
                original_resource.delete(account_id, region_name)
                return cls(properties, account_id, region_name)
            original_resource.properties = properties
            original_resource.change()
            return original_resource

        def delete(cls, resource_name, cloudformation_json, account_id, region_name):
            raise NotImplementedError(type_name)

        members = {
            **{k: v for k, v in vars(Described).items() if not k.startswith("__") or k == "__init__"},
            **{k: v for k, v in vars(plain).items() if not k.startswith("__")},
            "__module__": "moto.apigatewayv2.cloudformation",
            "cloudformation_name_type": staticmethod(lambda: ""),
            "cloudformation_type": staticmethod(lambda: type_name),
            "has_cfn_attr": classmethod(lambda cls, name: True),
            "create_from_cloudformation_json": classmethod(create),
            "update_from_cloudformation_json": classmethod(update),
            "delete_from_cloudformation_json": classmethod(delete),
        }
        return type(plain.__name__, (CloudFormationModel,), members)

    return decorate


API = [
    "api_key_selection_expression", "cors_configuration", "description", "disable_schema_validation",
    "disable_execute_api_endpoint", "name", "protocol_type", "route_selection_expression", "tags", "version",
]
INTEGRATION = [
    "connection_id", "connection_type", "content_handling_strategy", "credentials_arn", "description",
    "integration_method", "integration_subtype", "integration_type", "integration_uri", "passthrough_behavior",
    "payload_format_version", "request_parameters", "request_templates", "response_parameters",
    "template_selection_expression", "timeout_in_millis", "tls_config",
]
ROUTE = [
    "api_key_required", "authorization_scopes", "authorization_type", "authorizer_id",
    "model_selection_expression", "operation_name", "request_models", "request_parameters", "route_key",
    "route_response_selection_expression", "target",
]
RESPONSE = ["route_response_key", "model_selection_expression", "response_models"]


@register("AWS::ApiGatewayV2::Api", ["ProtocolType"])
class Api:
    def make(self):
        self.made = self.backend.create_api(**arguments(self.properties, API))

    def change(self):
        changed = arguments(self.properties, API)
        changed.pop("protocol_type")
        changed.pop("tags")
        self.backend.update_api(self.physical_resource_id, **changed)

    def delete(self, account_id, region):
        self.backend.delete_api(self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.api_id

    @property
    def attributes(self):
        return {"ApiId": self.made.api_id, "ApiEndpoint": self.made.api_endpoint}


@register("AWS::ApiGatewayV2::Integration", ["ApiId"])
class Integration:
    def make(self):
        self.made = self.backend.create_integration(self.api_id, **arguments(self.properties, INTEGRATION))

    def change(self):
        self.backend.update_integration(
            self.api_id, self.physical_resource_id, **arguments(self.properties, INTEGRATION)
        )

    def remove(self):
        self.backend.delete_integration(self.api_id, self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.id


INTEGRATION_RESPONSE = [
    "content_handling_strategy", "integration_response_key", "response_parameters", "response_templates",
    "template_selection_expression",
]


@register("AWS::ApiGatewayV2::IntegrationResponse", ["ApiId", "IntegrationId", "IntegrationResponseKey"])
class IntegrationResponse:
    def make(self):
        given = arguments(self.properties, INTEGRATION_RESPONSE)
        self.made = self.backend.create_integration_response(self.api_id, given.pop("integration_id"), **given)

    def change(self):
        pass

    def remove(self):
        integration = self.properties["IntegrationId"]
        if integration in self.api.integrations:
            self.backend.delete_integration_response(self.api_id, integration, self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.id


@register("AWS::ApiGatewayV2::Model", ["ApiId"])
class Model:
    def make(self):
        given = arguments(self.properties, ["content_type", "description", "name", "schema"])
        self.made = self.backend.create_model(self.api_id, **given)

    def change(self):
        pass

    def remove(self):
        self.backend.delete_model(self.api_id, self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.id


@register("AWS::Lambda::Alias", ["FunctionName", "Name"])
class Alias:
    def make(self):
        given = arguments(self.properties, ["description", "routing_config"])
        self.made = lambda_of(self).create_alias(**given)

    def change(self):
        pass

    def delete(self, account_id, region):
        pass  # it goes with its function

    @property
    def physical_resource_id(self):
        return self.made.arn


@register("AWS::Lambda::LayerVersion", ["Content", "Description"])
class LayerVersion:
    def make(self):
        self.made = lambda_of(self).publish_layer_version({**self.properties, "LayerName": uuid.uuid4().hex})

    def change(self):
        pass

    def delete(self, account_id, region):
        lambda_of(self).delete_layer_version(self.made.name, str(self.made.version))

    @property
    def physical_resource_id(self):
        return self.made.arn


def with_layers(create):
    def created(cls, resource_name, cloudformation_json, account_id, region_name, **more):
        made = create(resource_name, cloudformation_json, account_id, region_name, **more)
        layers = cloudformation_json["Properties"].get("Layers", [])
        made.update_configuration({"Layers": layers})
        return made

    return classmethod(created)


@register("AWS::ApiGatewayV2::Route", ["ApiId"])
class Route:
    def make(self):
        self.made = self.backend.create_route(self.api_id, **arguments(self.properties, ROUTE))

    def change(self):
        self.backend.update_route(
            api_id=self.api_id, route_id=self.physical_resource_id, **arguments(self.properties, ROUTE)
        )

    def remove(self):
        self.backend.delete_route(self.api_id, self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.route_id


@register("AWS::ApiGatewayV2::RouteResponse", ["ApiId", "RouteId", "RouteResponseKey"])
class RouteResponse:
    def make(self):
        given = arguments(self.properties, RESPONSE)
        self.made = self.backend.create_route_response(self.api_id, given.pop("route_id"), **given)

    def change(self):
        pass

    def remove(self):
        route = self.properties["RouteId"]
        if route in self.api.routes:
            self.backend.delete_route_response(self.api_id, route, self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.id


@register("AWS::ApiGatewayV2::Deployment", ["ApiId"])
class Deployment:
    """A snapshot, as on AWS: the routes that the API has at that moment."""

    def make(self):
        self.physical_resource_id = uuid.uuid4().hex[:6]
        self.api.__dict__.setdefault("snapshots", {})[self.physical_resource_id] = sorted(
            route.route_key for route in self.api.get_routes()
        )

    def change(self):
        pass

    def remove(self):
        self.api.snapshots.pop(self.physical_resource_id, None)


@register("AWS::ApiGatewayV2::DomainName", ["DomainName"])
class DomainName:
    def make(self):
        given = arguments(self.properties, ["domain_name_configurations", "mutual_tls_authentication", "tags"])
        self.made = self.backend.create_domain_name(**given)

    def change(self):
        pass

    def delete(self, account_id, region):
        mappings = self.backend.api_mappings  # moto cannot delete a domain that has some
        for key in [key for key, each in mappings.items() if each.domain_name == self.physical_resource_id]:
            del mappings[key]
        self.backend.delete_domain_name(self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.domain_name

    @property
    def attributes(self):
        return {"RegionalDomainName": f"d-{self.made.domain_name}", "RegionalHostedZoneId": "Z1"}


@register("AWS::ApiGatewayV2::ApiMapping", ["DomainName"])
class ApiMapping:
    def make(self):
        given = arguments(self.properties, ["stage"])
        key = given.pop("api_mapping_key", "")  # the bare domain has none
        self.made = self.backend.create_api_mapping(self.api_id, key, **given)

    def change(self):
        pass

    def delete(self, account_id, region):
        if self.made.domain_name in self.backend.domain_names:  # else it went with its domain
            self.backend.delete_api_mapping(self.physical_resource_id, self.made.domain_name)

    @property
    def physical_resource_id(self):
        return self.made.api_mapping_id


def lower(value):
    """As calls name properties."""
    if isinstance(value, list):
        return [lower(each) for each in value]
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: lower(each) for key, each in value.items()}
    return value


@register("AWS::ApiGatewayV2::Stage", ["ApiId", "StageName"])
class Stage:
    def config(self):
        given = {key[0].lower() + key[1:]: value for key, value in self.properties.items()}
        if "defaultRouteSettings" in given:
            given["defaultRouteSettings"] = lower(given["defaultRouteSettings"])
        routes = given.get("routeSettings", {})
        return {**given, "routeSettings": {key: lower(settings) for key, settings in routes.items()}}

    def make(self):
        self.made = self.backend.create_stage(self.api_id, self.config())

    def change(self):
        self.made.__init__(self.api, self.config())

    def remove(self):
        self.backend.delete_stage(self.api_id, self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.name


def lambda_of(resource):
    return functions.lambda_backends[resource.backend.account_id][resource.backend.region_name]


def rest_of(resource):
    return rest.apigateway_backends[resource.backend.account_id][resource.backend.region_name]


@register("AWS::ApiGateway::ApiKey", ["Name", "Value"])
class ApiKey:
    def make(self):
        self.made = rest_of(self).create_api_key(lower(self.properties))

    def change(self):
        self.made.enabled = self.properties.get("Enabled", False)

    def delete(self, account_id, region):
        rest_of(self).delete_api_key(self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.id


@register("AWS::ApiGateway::UsagePlan")
class UsagePlan:
    def payload(self):
        given = lower(self.properties)
        name = given.pop("usagePlanName")
        return {**given, "name": name}

    def make(self):
        for stage in self.properties["ApiStages"]:
            self.backend.get_api(stage["ApiId"]).get_stage(stage["Stage"])
        self.made = rest_of(self).create_usage_plan(self.payload())

    def change(self):
        self.made.__init__(self.physical_resource_id, **self.payload())

    def delete(self, account_id, region):
        rest_of(self).delete_usage_plan(self.physical_resource_id)

    @property
    def physical_resource_id(self):
        return self.made.id


@register("AWS::ApiGateway::UsagePlanKey", ["KeyId", "KeyType", "UsagePlanId"])
class UsagePlanKey:
    def make(self):
        given = lower(self.properties)
        self.made = rest_of(self).create_usage_plan_key(given.pop("usagePlanId"), given)

    def change(self):
        pass

    def delete(self, account_id, region):
        keys = rest_of(self).usage_plan_keys.get(self.properties["UsagePlanId"], {})
        keys.pop(self.properties["KeyId"], None)

    @property
    def physical_resource_id(self):
        return f"{self.properties['KeyId']}:{self.properties['UsagePlanId']}"


def tell_deployment(to_json):
    """moto's stages do not tell which deployment they show; its description holds what that one serves."""

    def told(stage):
        found = to_json(stage)
        if "deploymentId" in stage.config:
            found["deploymentId"] = stage.config["deploymentId"]
        return found

    return told


def take_over(execute):
    def executed(self, change_set_name, stack_name=None):
        chosen = [
            change_set
            for key, change_set in self.change_sets.items()
            if change_set_name in (key, change_set.change_set_name)
        ]
        execute(self, change_set_name, stack_name)
        for change_set in chosen:
            stack = change_set.stack
            stack.template = change_set.template
            stack.parameters = change_set.parameters
            stack.tags = change_set.tags or {}
            stack._parse_template()
            stack.output_map = stack._create_output_map()

    return executed


functions.LambdaFunction.create_from_cloudformation_json = with_layers(
    functions.LambdaFunction.create_from_cloudformation_json
)
v2.Stage.to_json = tell_deployment(v2.Stage.to_json)
backend = cloudformation.CloudFormationBackend
backend.execute_change_set = take_over(backend.execute_change_set)

# Ends with the test process that started it, even if that one is killed: its input is then closed.
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
os.environ["MOTO_PORT"] = str(server.port)
print(server.port, flush=True)


def follow_parent():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    import threading

    threading.Thread(target=follow_parent, daemon=True).start()
    server.serve_forever()
