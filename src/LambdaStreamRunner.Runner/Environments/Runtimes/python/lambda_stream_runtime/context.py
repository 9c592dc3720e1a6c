"""What a handler is told beside its event."""

import json
import os
import time


class LambdaContext:
    """Names are those of https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

    function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
    function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
    memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
    log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self.client_context = ClientContext.of(headers.get("lambda-runtime-client-context"))
        self.identity = CognitoIdentity(headers.get("lambda-runtime-cognito-identity"))
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        """Milliseconds until the invocation is cut off; never below 0."""
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, text):
        """Writes to the log as it is."""
        print(text, end="")

    def __repr__(self):
        return f"LambdaContext({', '.join(f'{name}={value!r}' for name, value in vars(self).items() if name[0] != '_')})"


class CognitoIdentity:
    """Who a mobile application called for; a stream calls for nobody."""

    def __init__(self, text):
        told = json.loads(text) if text else {}
        self.cognito_identity_id = told.get("cognitoIdentityId")
        self.cognito_identity_pool_id = told.get("cognitoIdentityPoolId")


class Client:
    """A mobile application."""

    def __init__(self, told):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, told.get(name))


class ClientContext:
    """What a caller of Invoke sent along."""

    def __init__(self, told):
        self.custom = told.get("custom")
        self.env = told.get("env")
        self.client = Client(told.get("client") or {})

    @classmethod
    def of(cls, text):
        """None when nothing was sent."""
        return cls(json.loads(text)) if text else None
