using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>A function that exists only as a model: how long an invocation takes and how it ends.</summary>
internal sealed class ModelledFunction
{
    private readonly HandlerModel _handler;
    private readonly FailureModel _failures;
    private readonly bool _reportsBatchItemFailures;
    private readonly PoisonRecords _poison;
    private readonly ExecutionEnvironments _environments;
    private readonly Draws _variation;
    private readonly Draws _transient;
    private readonly int _concurrencyMax;

    /// <summary>AWS's default limit of an account, where nothing is reserved.</summary>
    public const int AccountConcurrency = 1_000;

    // A refusal comes back at once, as an answer to the call.
    private static readonly TimeSpan ThrottleDelay = TimeSpan.FromMilliseconds(5);

    public ModelledFunction(SimulationPlan plan, PoisonRecords poison)
    {
        (_handler, _failures, _poison) = (plan.Handler, plan.Failures, poison);
        _reportsBatchItemFailures = plan.Setting.Mapping.ReportsBatchItemFailures;
        _environments = new ExecutionEnvironments(plan.Handler, plan.Seed);
        _variation = new Draws(plan.Seed, purpose: 2);
        _transient = new Draws(plan.Seed, purpose: 3);
        _concurrencyMax = plan.ReservedConcurrency ?? AccountConcurrency;
    }

    /// <summary>Invocations under way.</summary>
    public int Running { get; private set; }

    /// <summary>Invocations that began in a new environment.</summary>
    public long ColdStarts => _environments.Made;

    /// <summary>Begins an invocation: how it will end, and when.</summary>
    public FunctionAnswer Begin(Batch batch, DateTimeOffset now)
    {
        if (Running >= _concurrencyMax)
            return new FunctionAnswer(Throttled, ThrottleDelay);
        Running++;
        ReadOnlySpan<StreamRecord> records = batch.Records.Span;
        TimeSpan duration = DurationOf(batch, records) + _environments.Take(now);
        BatchOutcome outcome = OutcomeOf(batch, records, now);
        return duration > _handler.Timeout ? new FunctionAnswer(TimedOut, _handler.Timeout) : new FunctionAnswer(outcome, duration);
    }

    /// <summary>An invocation that ran has ended. A timeout ends its environment as well.</summary>
    public void End(BatchOutcome outcome, DateTimeOffset now)
    {
        Running--;
        if (!ReferenceEquals(outcome, TimedOut))
            _environments.GiveBack(now);
    }

    private TimeSpan DurationOf(Batch batch, ReadOnlySpan<StreamRecord> records)
    {
        double ticks = _handler.Fixed.Ticks + ((double)_handler.PerRecord.Ticks * records.Length);
        if (!_handler.Variation.IsEmpty)
        {
            double place = _variation.Uniform(Identity(records), Occasion(batch));
            ticks *= _handler.Variation[(int)(place * _handler.Variation.Length)];
        }
        return new TimeSpan((long)(ticks * SlowDownAt(Running)));
    }

    private double SlowDownAt(int concurrency)
    {
        (int from, double below) = (1, 1);
        foreach (SlowDown slowDown in _handler.SlowDowns)
        {
            if (concurrency <= slowDown.Concurrency)
            {
                int distance = slowDown.Concurrency - from;
                return distance <= 0 ? slowDown.Factor : below + ((slowDown.Factor - below) * (concurrency - from) / distance);
            }
            (from, below) = (slowDown.Concurrency, slowDown.Factor);
        }
        return below;
    }

    private BatchOutcome OutcomeOf(Batch batch, ReadOnlySpan<StreamRecord> records, DateTimeOffset now)
    {
        foreach (Outage outage in _failures.Outages)
        {
            TimeSpan time = now - ArrivalNumbers.Epoch;
            if (time >= outage.From && time < outage.Until)
                return Failed;
        }
        if (_failures.TransientRate > 0 && _transient.Uniform(Identity(records), Occasion(batch)) < _failures.TransientRate)
            return Failed;
        int bad = _poison.FirstIn(records);
        if (bad < 0)
            return BatchOutcome.Succeeded.Instance;
        return _reportsBatchItemFailures ? new BatchOutcome.PartlyFailed(bad) : Failed;
    }

    // The same records in the same try have the same fate, whatever came before.
    private static ulong Identity(ReadOnlySpan<StreamRecord> records) => records.IsEmpty ? 0 : records[0].SequenceNumber.Index;

    private static ulong Occasion(Batch batch) => ((ulong)batch.Records.Length << 32) | (uint)batch.Attempt;

    private static readonly BatchOutcome Failed = new BatchOutcome.Failed("The modelled function fails.");

    private static readonly BatchOutcome TimedOut = new BatchOutcome.Failed("The modelled function ran past its timeout.");

    private static readonly BatchOutcome Throttled = new BatchOutcome.Throttled("All executions of the function are taken.");
}
