using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;

namespace Fixtures;

public sealed record Order(string Id, int Amount);

public sealed record Priced(int UnitPrice);

public sealed record Receipt(string Id, string By);

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
public sealed partial class OrderJson : JsonSerializerContext;

/// <summary>One handler per signature of the AWS page; each leaves a trace in what it returns or throws.</summary>
public class Signatures
{
    /// <summary>What the last handler without an answer saw, so that a test can ask.</summary>
    private static string _seen = "";

    public static string TakeSeen() => Interlocked.Exchange(ref _seen, "");

    public Receipt Poco(Order order) => new(order.Id, "poco");

    public Receipt PocoAndContext(Order order, ILambdaContext context) => new(order.Id, context.AwsRequestId);

    public async Task<Receipt> TaskOfPoco(Order order)
    {
        await Task.Yield();
        return new Receipt(order.Id, "task");
    }

    public async Task<Receipt> TaskOfPocoAndContext(Order order, ILambdaContext context)
    {
        await Task.Yield();
        return new Receipt(order.Id, context.FunctionName);
    }

    public static Receipt Static(Order order) => new(order.Id, "static");

    public static async Task<Receipt> StaticTask(Order order)
    {
        await Task.Yield();
        return new Receipt(order.Id, "static task");
    }

    public void Void(Order order) => _seen = $"void {order.Id}";

    public async Task JustTask(Order order)
    {
        await Task.Yield();
        _seen = $"task {order.Id}";
    }

    public Stream StreamToStream(Stream input) => input;

    public async Task<Stream> StreamToTaskOfStream(Stream input, ILambdaContext context)
    {
        using var reader = new StreamReader(input);
        return new MemoryStream(Encoding.UTF8.GetBytes($"{context.AwsRequestId} {await reader.ReadToEndAsync()}"));
    }

    public MemoryStream StreamToMemoryStream(Stream input) => new([(byte)'0', (byte)(input.Length % 10 + '0')]);

    public Stream? NoStream(Stream input) => null;

    public string Text(string text) => $"{text}!";

    public int Number(int number) => number + 1;

    public string Nothing() => "nothing";

    public string OnlyContext(ILambdaContext context) => context.InvokedFunctionArn;

    public async Task<string> OnlyContextTask(ILambdaContext context)
    {
        await Task.Yield();
        return context.InvokedFunctionArn;
    }

    [LambdaSerializer(typeof(GeneratedSerializer<OrderJson>))]
    public Receipt Generated(Order order) => new(order.Id, "generated");

    [LambdaSerializer(typeof(SnakeCaseSerializer))]
    public Priced SnakeCase(Priced order) => order with { UnitPrice = order.UnitPrice + 1 };

    internal Receipt Internal(Order order) => new(order.Id, "internal");

    public Task<Receipt>? NoTask(Order order) => null;

    public string Overloaded(string text) => text;

    public string Overloaded(string text, ILambdaContext context) => text + context.FunctionName;

    public string Greet() => Greeting.Greeter.Hello;
}

public class Derived : Signatures;

/// <summary>What a team puts under all of its handlers.</summary>
public abstract class HandlerOf<TInput, TOutput>
{
    public async Task<TOutput> HandleAsync(TInput input, ILambdaContext context)
    {
        await Task.Yield();
        return Handle(input, context.AwsRequestId);
    }

    protected abstract TOutput Handle(TInput input, string requestId);
}

public class GenericBase : HandlerOf<Order, Receipt>
{
    protected override Receipt Handle(Order input, string requestId) => new(input.Id, $"generic base in {requestId}");
}

/// <summary>Two steps away from the handler, and still open in between.</summary>
public abstract class ListHandler<T> : HandlerOf<List<T>, int>
{
    protected override int Handle(List<T> input, string requestId) => input.Count;
}

public class GenericGrandparent : ListHandler<Order>;

public class Overriding : VirtualBase
{
    public override string Handle(string text) => $"{text} overridden";
}

public class VirtualBase
{
    public virtual string Handle(string text) => $"{text} of the base";
}

public class OverridesNothing : VirtualBase;

public struct StructHandler
{
    public string Text(string text) => $"{text} of a struct";
}

/// <summary>Shows the whole context.</summary>
public class ContextReader
{
    public string Read(ILambdaContext context) => string.Join(
        "|", context.AwsRequestId, context.FunctionName, context.FunctionVersion, context.InvokedFunctionArn, context.MemoryLimitInMB,
        context.RemainingTime, context.LogGroupName, context.LogStreamName, context.ClientContext is null, context.Identity is null);

    public void Log(ILambdaContext context)
    {
        context.Logger.Log("plain");
        context.Logger.LogLine("line");
        context.Logger.Log("Warning", "named level");
        context.Logger.Log(LogLevel.Debug, "level of the enum");
        context.Logger.LogInformation("order {id} took {ms:0.0} ms", "a1", 2.345);
        context.Logger.LogError(new InvalidOperationException("boom"), "failed {what}", "hard");
        context.Logger.Log("Critical", "number {0}", 7);
    }
}

/// <summary>Shows what is true in this environment.</summary>
public class EnvironmentReader
{
    private static int _calls;
    private static Stream? _kept;

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public int Calls() => ++_calls;

    public int Length(Stream input) => (int)input.Length;

    public void ConsoleLine(string text) => Console.WriteLine(text);

    public void ConsoleTextAndEnd(string text)
    {
        Console.Write(text);
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    public void Exit(int code) => Environment.Exit(code);

    /// <summary>Keeps its event, and tells what the one that it kept before looks like now.</summary>
    public string KeepEvent(Stream input)
    {
        string before = _kept is null ? "none" : Told(_kept);
        _kept = input;
        return before;
    }

    private static string Told(Stream kept)
    {
        try
        {
            return new StreamReader(kept).ReadToEnd();
        }
        catch (IOException refused)
        {
            return refused.Message;
        }
    }
}
