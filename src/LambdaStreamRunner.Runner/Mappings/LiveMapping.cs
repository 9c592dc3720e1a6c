using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>A mapping from its creation to its deletion: it runs, rests, and runs again with other settings, and its counts go on.</summary>
/// <remarks>One change at a time: who has brought it out of rest carries the change out. Everybody may read.</remarks>
internal sealed class LiveMapping(int ordinal, MappingModel model, FileEntry? file, MappingFactory factory)
{
    private const int RetriesDoubled = 6;                     // 64 of the registry's intervals at most

    private readonly Lock _gate = new();
    private int _retries;
    private int _passedOver;
    private volatile MappingModel _model = model;
    private volatile MappingStatistics _statistics = factory.NewStatistics(model.Configuration);
    private volatile RunningMapping? _running;
    private long _stuckHandlers;                              // of runs that have ended

    /// <summary>Its place in lists: lower than that of every mapping made later.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>What the configuration says of it; null when it says nothing.</summary>
    public FileEntry? File { get; } = file;

    /// <summary>True when the data folder must keep it: the API has made or changed it, now or in an earlier run.</summary>
    public bool IsKept { get; set; }

    public MappingModel Model => _model;

    public Guid Uuid => _model.Configuration.Uuid;

    public string Name => _model.Configuration.Name;

    public MappingStatistics Statistics => _statistics;

    /// <summary>Its pumps; null when it has none now.</summary>
    public RunningMapping? Running => _running;

    /// <summary>Why it could not be started, or another change failed; null when it runs.</summary>
    public string? StartProblem { get; set; }

    /// <summary>Why nothing is read now, for people; null when it is.</summary>
    public string? Problem => _running is { } running ? running.Problem : StartProblem;

    /// <summary>A start that is tried again, or the last one that was; never fails.</summary>
    public Task Retry { get; private set; } = Task.CompletedTask;

    /// <summary>LastProcessingResult: how the last invocation ended, or why nothing can be read now.</summary>
    public string LastProcessingResult => Problem is { } problem ? $"PROBLEM: {problem}" : _statistics.LastProcessingResult;

    /// <summary>True once it has polled in this run.</summary>
    public bool HasRun { get; private set; }

    /// <summary>Ends when what is under way is done: then it is at rest, or gone.</summary>
    public Task Change { get; set; } = Task.CompletedTask;

    /// <summary>True when there is nothing left to do on its stream, or nothing that it would do.</summary>
    /// <remarks>One that is enabled and could not be started has its records before it.</remarks>
    public bool IsDrained => Work.IsCompleted && (_running?.IsDrained ?? (!_model.Configuration.IsEnabled || _model.State is MappingState.Deleting));

    /// <summary>The part of the change that is work, and not waiting.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Begins a change, unless another one is under way.</summary>
    /// <param name="change">Makes the model of the change; may throw.</param>
    /// <param name="before">The model before it.</param>
    public bool TryBegin(Func<MappingModel, MappingModel> change, out MappingModel before)
    {
        lock (_gate)
        {
            before = _model;
            if (!before.IsAtRest)
                return false;
            _model = change(before);
            return true;
        }
    }

    /// <summary>Tries to start it again when it should run and does not, at longer and longer intervals: a build costs much.</summary>
    /// <param name="start">Starts it; must not throw.</param>
    public Task RetryAsync(Func<Task> start)
    {
        lock (_gate)
        {
            if (!_model.IsAtRest || !_model.Configuration.IsEnabled || _running is not null)
                (_retries, _passedOver) = (0, 0);
            else if (++_passedOver >= 1 << Math.Min(_retries, RetriesDoubled))
                (_retries, _passedOver, Retry) = (_retries + 1, 0, Task.Run(start));
            return Retry;
        }
    }

    /// <summary>Replaces the model: at the end of a change, when it was refused after all, or for what is no change of state.</summary>
    public void Become(Func<MappingModel, MappingModel> change)
    {
        lock (_gate)
            _model = change(_model);
    }

    /// <summary>Starts polling, from the checkpoints on.</summary>
    /// <param name="mustBeThere">False: a stream that cannot be read yet is a problem that is waited out.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its pumps.</returns>
    public async Task<RunningMapping> StartAsync(bool mustBeThere, CancellationToken cancellation)
    {
        _statistics.Settings = _model.Configuration.Settings;
        _running = await factory.StartAsync(_model.Configuration, _statistics, mustBeThere, cancellation);
        StartProblem = null;
        HasRun = true;
        return _running;
    }

    /// <summary>Stops polling: invocations that are in flight end, and count.</summary>
    public async Task StopAsync()
    {
        if (_running is not { } running)
            return;
        await running.StopAsync();
        _running = null;
        _stuckHandlers += running.StuckHandlers;
        await running.DisposeAsync();
    }

    /// <summary>Counts anew, for another function.</summary>
    /// <returns>What was done for the one before.</returns>
    public MappingSummary BeginNewStatistics()
    {
        MappingSummary done = Summarize();
        _statistics = factory.NewStatistics(_model.Configuration);
        _stuckHandlers = 0;
        HasRun = false;
        return done;
    }

    public MappingProgress Progress()
    {
        if (_running is { } running)
            return running.Progress();
        MappingProgress progress = _statistics.Progress();
        return progress with { Known = progress.Settled };    // what it leaves on the stream is nobody's work
    }

    public MappingSummary Summarize()
    {
        MappingSummary summary = _running is { } running ? running.Summarize() : _statistics.Summarize() with { Unsettled = 0 };
        return summary with { StuckHandlers = summary.StuckHandlers + Volatile.Read(ref _stuckHandlers) };
    }

    public MappingDocument ToDocument()
    {
        MappingModel model = _model;
        return new MappingDocument
        {
            Uuid = model.Configuration.Uuid,
            SourceArn = model.Configuration.SourceArn,
            FunctionArn = model.Configuration.FunctionArn,
            Properties = MappingProperty.WriteAll(model.Configuration),
            File = File,
            IsDeleted = model.State is MappingState.Deleting,
            Tags = model.Tags,
            LastModified = model.LastModified,
        };
    }
}
