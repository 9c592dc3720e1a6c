using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The invocations of a world's handler, and the faults that strike them.</summary>
internal sealed class HandlerCalls
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";

    private readonly TestWorld _world;
    private readonly Quiescence _quiescence;
    private readonly HandlerEnvironments _environments;
    private readonly Dictionary<string, KinesisEventWriter> _writers = [];
    private readonly List<InvocationScope> _underWay = [];
    private readonly Dictionary<long, int> _deliveries = [];

    public HandlerCalls(TestWorld world)
    {
        _world = world;
        _environments = new HandlerEnvironments(world, Die);
        _quiescence = new Quiescence(world, _underWay);
        KinesisEventWriter writer = WriterOf("shardId-000000000000");
        (FixedRecordLength, FixedWindowLength) = (writer.FixedRecordLength, writer.FixedWindowLength);
    }

    /// <summary>Bytes of every record in the event besides its own values.</summary>
    public int FixedRecordLength { get; }

    /// <summary>Bytes of a tumbling window in the event besides its state.</summary>
    public int FixedWindowLength { get; }

    /// <summary>True when a handler has not answered.</summary>
    public bool AnyUnderWay => _underWay.Count > 0;

    private TestScenario Scenario => _world.Scenario;

    private FaultPlan Faults => Scenario.Faults;

    private Chooser Chooser => _world.Chooser;

    /// <summary>Waits until no code of a handler runs: it has answered, or waits for the clock.</summary>
    public void Rest() => _quiescence.Reach();

    /// <summary>The process is gone, with every environment in it.</summary>
    public void DestroyAll()
    {
        _underWay.Clear();
        _environments.DestroyAll();
    }

    public void Begin(SimulatedInvocation invocation)
    {
        long subject = SubjectOf(invocation);
        int occasion = _deliveries[subject] = _deliveries.GetValueOrDefault(subject) + 1;
        if (_world.AreFaultsOn && Chooser.Strikes(new Choice(ChoiceKind.Throttle, subject, occasion), Faults.ThrottleRate))
        {
            invocation.FinishAfter(TimeSpan.Zero, new BatchOutcome.Throttled("TooManyRequestsException: Rate Exceeded."));
            return;
        }
        string? exception = ExceptionIn(invocation, subject, occasion);
        bool isBefore = exception is not null && Chooser.Choose(new Choice(ChoiceKind.HandlerThrows, -1 - subject, occasion), 2) == 0;
        if (isBefore)
            FailBefore(invocation, LatencyOf(invocation, subject, occasion), exception!);
        else
            Start(invocation, subject, occasion, exception);
    }

    private void FailBefore(SimulatedInvocation invocation, TimeSpan latency, string exception)
    {
        if (latency < Scenario.Function.Timeout)
            invocation.FinishAfter(latency, new BatchOutcome.Failed(exception));
        else
            invocation.FinishAfter(Scenario.Function.Timeout, TimedOut);
    }

    private void Start(SimulatedInvocation invocation, long subject, int occasion, string? exception)
    {
        var scope = new InvocationScope(_world, _environments.Take(subject, occasion), invocation, subject, occasion)
        {
            Deadline = _world.Loop.Now + Scenario.Function.Timeout,
        };
        _underWay.Add(scope);
        _world.Loop.At(scope.Deadline, () => TimeOut(scope));
        // Not within the machine's step: the handler's code may take a while, and may look at the world.
        _world.Pump.Post(() => Call(scope, exception), scope);
    }

    private void Call(InvocationScope scope, string? exception)
    {
        if (scope.Invocation.IsOver)
            return;
        scope.Environment.Wake(scope);
        if (HandlerOf(scope) is not { } function)
            return;
        scope.Enter();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(scope);
        InvocationScope.Current = scope;
        try
        {
            Task<FunctionResult> call = function.InvokeAsync(EventOf(scope.Invocation), ContextOf(scope));
            if (call.IsCompleted)
                Answer(scope, call.Result, exception);
            else
                call.ContinueWith(
                    (ended, _) => _world.Pump.Post(() => Answer(scope, ended.Result, exception), scope), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        finally
        {
            BlockedCode.OfThread?.Leave();
            InvocationScope.Current = null;
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    // As on AWS, a cold start belongs to the invocation, and fails it when the constructor throws. What cannot be bound is no handler at all.
    private BoundFunction? HandlerOf(InvocationScope scope)
    {
        try
        {
            return scope.Environment.Function;
        }
        catch (Exception thrown) when (thrown is not (FunctionLoadException or StreamTestException))
        {
            Die(scope.Environment, $"the constructor of environment {scope.Environment.Number}", thrown);
            return null;
        }
    }

    // The process of the environment has ended; the invocation is told at once, but not within the handler's own code.
    private void Die(HandlerEnvironment environment, string where, Exception thrown)
    {
        environment.Destroy();
        if (_underWay.Find(scope => scope.Environment == environment) is not { } dead)
            return;
        dead.HasAnswered = true;
        var error = FunctionError.From(thrown);
        error = error with
        {
            ErrorMessage = $"{error.ErrorMessage} (thrown by {where})",
            StackTrace = [.. error.StackTrace.TakeWhile(frame => !frame.Contains(OwnFrame, StringComparison.Ordinal))],
        };
        _world.Loop.At(_world.Loop.Now, () => End(dead, new BatchOutcome.Failed(error.ToString())));
    }

    private static readonly string OwnFrame = $"at {typeof(HandlerCalls).Namespace}.";


    // The answer is on its way for as long as the schedule says; the environment is busy until it has arrived.
    private void Answer(InvocationScope scope, FunctionResult result, string? exception)
    {
        if (scope.HasAnswered || scope.Invocation.IsOver || scope.Environment.IsGone)
            return;
        scope.HasAnswered = true;
        BatchOutcome outcome = exception is null ? OutcomeOf(scope, result) : new BatchOutcome.Failed(exception);
        TimeSpan latency = LatencyOf(scope.Invocation, scope.Subject, scope.Occasion);
        bool isLate = _world.AreFaultsOn && Chooser.Strikes(new Choice(ChoiceKind.HandlerTimesOut, scope.Subject, scope.Occasion), Faults.HandlerTimeoutRate);
        if (isLate)
            return;                                           // the deadline ends it
        _world.Loop.At(_world.Loop.Now + latency, () => Finish(scope, outcome));
    }

    private void Finish(InvocationScope scope, BatchOutcome outcome)
    {
        if (!_underWay.Remove(scope))
            return;
        _environments.Return(scope.Environment);
        scope.Invocation.Finish(outcome);
    }

    private void TimeOut(InvocationScope scope) => End(scope, TimedOut);

    private void End(InvocationScope scope, BatchOutcome outcome)
    {
        if (!_underWay.Remove(scope))
            return;
        _environments.Destroy(scope.Environment);
        scope.Invocation.Finish(outcome);
    }

    private BatchOutcome.Failed TimedOut => new(string.Create(
        CultureInfo.InvariantCulture, $"Task timed out after {Scenario.Function.Timeout.TotalSeconds:0.00} seconds"));

    private string? ExceptionIn(SimulatedInvocation invocation, long subject, int occasion)
    {
        foreach (ref readonly StreamRecord record in invocation.Started.Records.Span)
        {
            TestRecord given = _world.RecordOf(record.SequenceNumber);
            if (given.IsPoison)
                return $"The record {given.Label} is poison: the test lets every invocation fail that has it.";
        }
        return _world.AreFaultsOn && Chooser.Strikes(new Choice(ChoiceKind.HandlerThrows, subject, occasion), Faults.HandlerThrowRate)
            ? "The test lets this invocation fail." : null;
    }

    private TimeSpan LatencyOf(SimulatedInvocation invocation, long subject, int occasion)
    {
        if (!_world.AreFaultsOn)
            return TimeSpan.FromMilliseconds(Faults.HandlerMillisecondsMin);
        long actor = (invocation.Shard.Index * 16) + invocation.Batch.Lane;
        int more = Chooser.Measure(
            new Choice(ChoiceKind.HandlerLatency, subject, occasion), actor, Faults.HandlerMillisecondsMax - Faults.HandlerMillisecondsMin);
        return TimeSpan.FromMilliseconds(Faults.HandlerMillisecondsMin + more);
    }

    private BatchOutcome OutcomeOf(InvocationScope scope, FunctionResult result)
    {
        ReadOnlySpan<StreamRecord> records = scope.Invocation.Started.Records.Span;
        BatchOutcome outcome = result switch
        {
            FunctionResult.Succeeded answered => BatchResponseReader.Read(answered.Answer.Span, records, Scenario.Mapping),
            FunctionResult.Failed failed => new BatchOutcome.Failed(failed.Error.ToString()),
            _ => throw new UnreachableException(),
        };
        bool lies = outcome is BatchOutcome.Succeeded && records.Length > 0 && Scenario.Mapping.ReportsBatchItemFailures && _world.AreFaultsOn
            && Chooser.Strikes(new Choice(ChoiceKind.FalseReport, scope.Subject, scope.Occasion), Faults.FalseReportRate);
        return lies
            ? new BatchOutcome.PartlyFailed(Chooser.Choose(new Choice(ChoiceKind.FalseReport, -1 - scope.Subject, scope.Occasion), records.Length)) { State = (outcome as BatchOutcome.Succeeded)?.State }
            : outcome;
    }

    private ReadOnlyMemory<byte> EventOf(SimulatedInvocation invocation)
    {
        ReadOnlySpan<StreamRecord> records = invocation.Started.Records.Span;
        KinesisEventWriter writer = WriterOf(invocation.Shard.Id);
        byte[] memory = new byte[writer.Measure(records, invocation.Started.Window)];
        return memory.AsMemory(0, writer.Write(records, memory, invocation.Started.Window));
    }

    private FunctionContext ContextOf(InvocationScope scope) => new(Scenario.Function)
    {
        RequestId = scope.Invocation.Started.RequestId.ToString("D"),
        InvokedFunctionArn = Arn + Scenario.Function.FunctionName,
        RemainingTime = () => scope.Deadline - _world.Now,
    };

    private KinesisEventWriter WriterOf(string shardId)
    {
        if (!_writers.TryGetValue(shardId, out KinesisEventWriter? writer))
            _writers.Add(shardId, writer = new KinesisEventWriter(
                "arn:aws:kinesis:us-east-1:000000000000:stream/" + Scenario.Mapping.EventSourceArn, "us-east-1", "arn:aws:iam::000000000000:role/lambda-role", shardId));
        return writer;
    }

    // The end of a tumbling window has no record: it is known by the window.
    private long SubjectOf(SimulatedInvocation invocation) => invocation.Started.Records.IsEmpty
        ? (1L << 40) + invocation.Started.Window!.Window.Start.ToUnixTimeSeconds()
        : _world.RecordOf(invocation.Started.Records.Span[0].SequenceNumber).Id;
}
