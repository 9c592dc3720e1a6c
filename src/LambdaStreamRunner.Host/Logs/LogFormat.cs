namespace LambdaStreamRunner.Host.Logs;

/// <summary>For whom the log of functions is written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,
}
