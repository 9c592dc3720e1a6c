namespace LambdaStreamRunner.FunctionHost;

/// <summary>AWS_LAMBDA_LOG_FORMAT.</summary>
internal enum LogFormat
{
    /// <summary>Tabs between time, request id, level and message.</summary>
    Text,

    /// <summary>One object a line.</summary>
    Json,
}
