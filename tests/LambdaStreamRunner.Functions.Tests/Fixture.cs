using System.Reflection;
using System.Text;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Tests;

/// <summary>The fixture libraries, and what most tests need to call a handler in them.</summary>
internal static class Fixture
{
    public static FunctionSettings Settings { get; } = new()
    {
        FunctionName = SupportedHandlers.FunctionName,
        MemorySize = 512,
        LogStreamName = FunctionSettings.LogStreamNameOf("$LATEST", new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), Guid.Empty),
    };

    public static string PathOf(string assembly) =>
        typeof(Fixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == assembly).Value!;

    public static BoundFunction Bind(string handler)
    {
        var name = HandlerName.Parse(handler);
        return HandlerBinder.Bind(PathOf(name.Assembly), name);
    }

    public static FunctionContext Context(Action<FunctionLogLine>? logLine = null) => new(Settings)
    {
        RequestId = SupportedHandlers.RequestId,
        InvokedFunctionArn = SupportedHandlers.InvokedFunctionArn,
        RemainingTime = () => TimeSpan.FromSeconds(2.5),
        LogLine = logLine,
    };

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static async Task<string> AnswerOf(BoundFunction function, string eventJson) => TextOf(await function.InvokeAsync(Utf8(eventJson), Context()));

    public static async Task<FunctionError> ErrorOf(BoundFunction function, string eventJson) =>
        Assert.IsType<FunctionResult.Failed>(await function.InvokeAsync(Utf8(eventJson), Context())).Error;

    public static string TextOf(FunctionResult result) =>
        Encoding.UTF8.GetString(result is FunctionResult.Succeeded succeeded ? succeeded.Answer.Span : throw new Xunit.Sdk.XunitException(result.ToString()));
}
