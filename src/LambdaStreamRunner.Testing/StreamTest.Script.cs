using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing;

/// <content>Tests about a mapping, with a function that does what the test says.</content>
public sealed partial class StreamTest
{
    private FunctionScript? _script;

    /// <summary>Tests the settings of a mapping: its function succeeds at once, unless the test says otherwise.</summary>
    /// <param name="mapping">The settings, with AWS's names and defaults; read eagerly unless it says otherwise.</param>
    public static StreamTest For(EventSourceMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var script = new FunctionScript();
        StreamTest test = For(script.HandleAsync);
        test._script = script;
        return test.Mapping(_ => mapping);
    }

    /// <summary>The function throws whenever a batch has one of these records.</summary>
    /// <param name="labels">Such as r3.</param>
    public StreamTest FunctionThrows(params string[] labels)
    {
        Script.Throw(labels);
        return this;
    }

    /// <summary>The function answers that these records failed, once for each; the mapping needs ReportBatchItemFailures.</summary>
    /// <param name="labels">Such as r3.</param>
    public StreamTest FunctionReportsFailures(params string[] labels)
    {
        Script.Report(labels);
        return this;
    }

    /// <summary>How long the function takes; no time by default.</summary>
    public StreamTest FunctionTakes(TimeSpan time)
    {
        Script.Take(time);
        return this;
    }

    private FunctionScript Script => _script
        ?? throw new InvalidOperationException("This test has a handler of its own, which does what it does. StreamTest.For(new EventSourceMapping { ... }) has a function that does what the test says.");
}
