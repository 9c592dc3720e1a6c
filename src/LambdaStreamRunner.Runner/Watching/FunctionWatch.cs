using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Watching;

/// <summary>Looks at the sources of functions again and again; when some have changed and are quiet, lets the new code take over.</summary>
/// <remarks>
/// It looks, instead of letting the file system tell: on network mounts and in containers whose folders come from the host, nothing
/// is told, and the number of folders that may tell is limited. What cannot be built or loaded leaves the old code running.
/// </remarks>
/// <param name="functions">The functions.</param>
/// <param name="time">Real time: it paces the looks.</param>
/// <param name="say">Hears what was swapped.</param>
/// <param name="warn">Hears what could not be.</param>
internal sealed class FunctionWatch(FunctionCatalog functions, TimeProvider time, Action<string> say, Action<string> warn) : IAsyncDisposable
{
    /// <summary>Time between two looks, unless looking takes long.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Looking takes at most about this part of the time.</summary>
    private const int IdleFactor = 20;

    /// <summary>Looks in a row that see a change before somebody hears that there is no quiet.</summary>
    private const int RestlessLooks = 20;

    private const int NamesMax = 3;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Followed> _followed = new(StringComparer.Ordinal);
    private Task _looking = Task.CompletedTask;
    private TimeSpan _looked;                                 // what the files cost, less what builds take
    private bool _isStateMentioned;

    /// <summary>Begins to look.</summary>
    public void Start() => _looking = Task.Run(LookAgainAndAgainAsync);

    /// <summary>Looks once at every function that is loaded, and replaces those that have changed and are quiet.</summary>
    public async Task LookAsync(CancellationToken stopping)
    {
        foreach (WatchedCode code in functions.Watched)
        {
            if (!_followed.TryGetValue(code.Function.Name, out Followed? followed))
                _followed.Add(code.Function.Name, followed = Follow(code));
            if (Seen(code, followed) is { } changed)
                await ReplaceAsync(code.Function, followed, changed, stopping);
        }
    }

    /// <summary>Looks no more; a build that runs is ended.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _looking;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task LookAgainAndAgainAsync()
    {
        try
        {
            while (true)
            {
                _looked = TimeSpan.Zero;
                await LookAsync(_stopping.Token);
                TimeSpan idle = _looked * IdleFactor;
                await Task.Delay(idle > LookInterval ? idle : LookInterval, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The runner ends; a build that was running has been ended.
        }
#pragma warning disable CA1031 // Records flow on: a run does not fail by the watching of its functions.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            warn($"Functions are not watched any more, by a fault of the runner: {fault}");
        }
    }

    private Followed Follow(WatchedCode code)
    {
        say(string.Create(CultureInfo.InvariantCulture, $"Watching {code.Function.Name}: {code.BuiltFrom.FileCount} files."));
        if (code.BuiltFrom.IsCut)
            warn($"{code.Function.Name}: only the first {FunctionSources.FilesMax} files of its folders are watched. Name a smaller folder as CodeUri.");
        return new Followed(code.BuiltFrom);
    }

    /// <summary>The files that have changed since the last try, when they have been quiet for a look; null otherwise.</summary>
    private ImmutableArray<string>? Seen(WatchedCode code, Followed followed)
    {
        SourceState now;
        long start = time.GetTimestamp();
        try
        {
            now = code.Sources.Look();
        }
        catch (Exception moving) when (moving is IOException or UnauthorizedAccessException)
        {
            followed.Restless(code.Function.Name, moving.Message, warn);
            return null;
        }
        finally
        {
            _looked += time.GetElapsedTime(start);
        }
        ImmutableArray<string> moved = followed.Last.ChangesTo(now);
        followed.Last = now;
        if (!moved.IsEmpty)
        {
            followed.Restless(code.Function.Name, $"{Named(moved)} changed again", warn);
            return null;
        }
        followed.RestlessCount = 0;
        ImmutableArray<string> changed = followed.Tried.ChangesTo(now);
        return changed.IsEmpty ? null : changed;
    }

    private async Task ReplaceAsync(FunctionConfiguration function, Followed followed, ImmutableArray<string> changed, CancellationToken stopping)
    {
        followed.Tried = followed.Last;
        long start = time.GetTimestamp();
        try
        {
            await functions.ReplaceAsync(function, stopping);
        }
        catch (Exception refused) when (refused is FunctionLoadException or IOException or UnauthorizedAccessException)
        {
            warn($"{function.Name} stays as it was, since it does not work with the change of {Named(changed)}: {refused.Message}{Environment.NewLine}It is tried again when something changes.");
            return;
        }
        // Inputs that only the build made known are no change.
        followed.Tried = followed.Last = functions.Watched.Single(code => code.Function.Name == function.Name).BuiltFrom;
        say(string.Create(CultureInfo.InvariantCulture, $"Swapped {function.Name} after a change of {Named(changed)}: ready in {time.GetElapsedTime(start).TotalSeconds:0.0} s; what is in flight ends on the old code.{StateRemark(function)}"));
    }

    private string StateRemark(FunctionConfiguration function)
    {
        if (function.Hosting is not FunctionHosting.InProcess || _isStateMentioned)
            return "";
        _isStateMentioned = true;
        return " The new code starts with static state of its own.";
    }

    private static string Named(ImmutableArray<string> paths)
    {
        string names = string.Join(", ", paths.Take(NamesMax).Select(Path.GetFileName));
        return paths.Length > NamesMax ? string.Create(CultureInfo.InvariantCulture, $"{names} and {paths.Length - NamesMax} more") : names;
    }

    /// <summary>What was seen of a function's sources.</summary>
    private sealed class Followed(SourceState builtFrom)
    {
        /// <summary>By the last look.</summary>
        public SourceState Last { get; set; } = builtFrom;

        /// <summary>What was last made, or could not be made, into code that runs.</summary>
        public SourceState Tried { get; set; } = builtFrom;

        /// <summary>Looks in a row that saw something move.</summary>
        public int RestlessCount { get; set; }

        public void Restless(string function, string what, Action<string> warn)
        {
            if (++RestlessCount == RestlessLooks)
                warn($"{function} is not swapped, since its files are never quiet: {what}. Does something write into the folder of its code? Let it write elsewhere.");
        }
    }
}
