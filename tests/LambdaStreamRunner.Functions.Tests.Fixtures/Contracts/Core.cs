namespace Amazon.Lambda.Core;

public interface ILambdaContext
{
    string AwsRequestId { get; }

    IClientContext? ClientContext { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    ICognitoIdentity? Identity { get; }

    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    int MemoryLimitInMB { get; }

    TimeSpan RemainingTime { get; }

#if NEWER
    string? TenantId => null;

    ILambdaSerializer Serializer => throw new NotSupportedException("The runtime is too old.");

    int Weather { get; }

    string? Forecast(int days);
#endif
}

public interface IClientContext
{
}

public interface ICognitoIdentity
{
}

public enum LogLevel
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

public interface ILambdaLogger
{
    void Log(string message);

    void LogLine(string message);

    void Log(string level, string message) => LogLine(message);

    void Log(LogLevel level, string message) => Log(level.ToString(), message);

    void LogInformation(string message) => Log(LogLevel.Information, message);

    void LogInformation(string message, params object[] args) => Log("Information", message, args);

    void LogError(string message) => Log(LogLevel.Error, message);

    void LogError(Exception exception, string message, params object[] args) => Log("Error", exception, message, args);

    void Log(string level, string message, params object[] args) => LogLine(message);

    void Log(string level, Exception exception, string message, params object[] args) => LogLine(message);
}

public interface ILambdaSerializer
{
    T Deserialize<T>(Stream requestStream);

    void Serialize<T>(T response, Stream responseStream);
}

[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    public Type SerializerType { get; set; } = serializerType;
}
