using System.Globalization;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Mappings;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.RunnerApi;

/// <summary>What <c>POST /_runner/wait</c> is asked to wait for: <c>?until=drained</c>, or <c>?until=enabled&amp;mapping=UUID</c>, and <c>&amp;timeout=SECONDS</c>.</summary>
/// <param name="Until">What.</param>
/// <param name="Mapping">UUID or name of the mapping that is meant; null for all.</param>
/// <param name="Timeout">How long at most, in real time.</param>
internal sealed record WaitRequest(WaitCondition Until, string? Mapping, TimeSpan Timeout)
{
    /// <summary>The longest wait.</summary>
    public const int TimeoutSecondsMax = 3_600;

    private const double TimeoutSecondsDefault = 60;

    // Often enough that nobody notices, seldom enough to cost nothing.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads the query.</summary>
    public static bool TryRead(IQueryCollection query, out WaitRequest request, out string mistake)
    {
        request = new WaitRequest(WaitCondition.Drained, query["mapping"].FirstOrDefault(), TimeSpan.FromSeconds(TimeoutSecondsDefault));
        mistake = "";
        if (query.Keys.FirstOrDefault(name => name is not ("until" or "timeout" or "mapping")) is { } unknown)
            mistake = $"'{unknown}' is not known; write until=drained, enabled or disabled, mapping=UUID, and timeout=SECONDS.";
        else if (query["until"].FirstOrDefault() is { } until && !TryRead(until, ref request))
            mistake = $"until is '{until}'; it can be drained, enabled or disabled.";
        else if (query["timeout"].FirstOrDefault() is { } timeout && !TryReadTimeout(timeout, ref request))
            mistake = $"timeout is '{timeout}'; it can be 0 to {TimeoutSecondsMax} seconds.";
        return mistake.Length == 0;
    }

    /// <summary>What is wrong when no mapping has the name or UUID that is meant; null when all is well.</summary>
    public string? FindMistake(IReadOnlyCollection<LiveMapping> mappings)
    {
        if (string.IsNullOrEmpty(Mapping) || mappings.Any(IsMeant))
            return null;
        string known = mappings.Count == 0 ? "there is none" : $"there is {string.Join(", ", mappings.Select(mapping => $"'{mapping.Name}' ({mapping.Uuid})"))}";
        return $"no mapping is called '{Mapping}', nor is that a UUID of one; {known}.";
    }

    /// <summary>Waits; false when the time was over first.</summary>
    /// <exception cref="MappingFaultException">A mapping has failed: it will not come about.</exception>
    public async Task<bool> WaitAsync(StreamRunner runner, CancellationToken gone)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
        patience.CancelAfter(Timeout);
        try
        {
            while (!IsTrue(runner))
                await Task.Delay(ProbeInterval, TimeProvider.System, patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return false;
        }
    }

    private bool IsTrue(StreamRunner runner)
    {
        runner.ThrowIfFailed();
        LiveMapping[] meant = [.. runner.Lambda.Mappings.All.Where(IsMeant)];
        return Until switch
        {
            WaitCondition.Drained => meant.All(mapping => mapping.IsDrained),
            WaitCondition.Enabled => meant.Length > 0 && meant.All(mapping => mapping.Model.State is MappingState.Enabled),
            _ => meant.Length > 0 && meant.All(mapping => mapping.Model.State is MappingState.Disabled),
        };
    }

    private bool IsMeant(LiveMapping mapping) =>
        string.IsNullOrEmpty(Mapping) || mapping.Name == Mapping || mapping.Uuid.ToString().Equals(Mapping, StringComparison.OrdinalIgnoreCase);

    private static bool TryRead(string until, ref WaitRequest request)
    {
        if (!Enum.TryParse(until, ignoreCase: true, out WaitCondition condition) || !Enum.IsDefined(condition) || char.IsDigit(until[0]))
            return false;
        request = request with { Until = condition };
        return true;
    }

    private static bool TryReadTimeout(string timeout, ref WaitRequest request)
    {
        if (!double.TryParse(timeout, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || seconds is not (>= 0 and <= TimeoutSecondsMax))
            return false;
        request = request with { Timeout = TimeSpan.FromSeconds(seconds) };
        return true;
    }
}

/// <summary>What can be waited for.</summary>
internal enum WaitCondition
{
    /// <summary>Every record on the streams of the mappings is settled; those that are disabled have nothing to settle.</summary>
    Drained,

    /// <summary>The mappings are polled.</summary>
    Enabled,

    /// <summary>The mappings are not polled, and nothing of them is in flight.</summary>
    Disabled,
}

/// <summary>The answer to a wait.</summary>
/// <param name="Done">False: the time was over first.</param>
/// <param name="Message">What was wrong, or is still missing; null when all is well.</param>
internal sealed record WaitAnswer(bool Done, string? Message = null);
