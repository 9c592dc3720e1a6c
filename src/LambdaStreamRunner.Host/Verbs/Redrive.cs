using System.Collections.Immutable;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Redriving;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>One redrive from documents to result.</summary>
internal sealed class Redrive(RunnerConfiguration configuration, Screen screen, CancellationToken stopping)
{
    /// <summary>Most bytes of documents; those of a bucket hold their records.</summary>
    private const int InputBytesMax = 512 << 20;

    public required string Input { get; init; }

    public required string? Endpoint { get; init; }

    public required string? Data { get; init; }

    public required bool IsDry { get; init; }

    public required bool Json { get; init; }

    public async Task<int> ExecuteAsync()
    {
        try
        {
            ImmutableArray<DiscardedDocument> documents = DiscardedDocument.ReadAll(await ReadInputAsync());
            using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new RunLog()));
            await using StreamRunner? streams = Data is null ? null : await OpenFolderAsync(loggers);
            using var redriver = new Redriver(configuration, streams?.Endpoint!.AbsoluteUri ?? Endpoint, TimeProvider.System);
            return await RedriveAsync(documents, redriver);
        }
        catch (RedriveException wrong)
        {
            Screen.Complain(wrong.Message);
            return ExitCodes.WrongUsage;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or StorageException or FunctionLoadException)
        {
            Screen.Complain(refused.Message);
            if (Data is null && Endpoint is null && !configuration.Streams.Any(stream => stream.IsRemote))
                Screen.Complain("The stream is read again from a run that is up. Is 'lambda-stream run' up? Or name its folder with --data DIR, or another endpoint with --endpoint URL.");
            return ExitCodes.CouldNotRun;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Screen.Complain("Interrupted; what was not reported was not redriven.");
            return ExitCodes.DoneWithLosses;
        }
    }

    private async Task<int> RedriveAsync(ImmutableArray<DiscardedDocument> documents, Redriver redriver)
    {
        FunctionConfiguration[] needed = [.. documents.Select(document => redriver.MappingOf(document).Function).Distinct()];
        using var log = new FunctionLog(screen.Logs, new TextLog(), warn: Screen.Complain);
        await using var functions = new FunctionCatalog(TimeProvider.System, log.Listener, progress: Console.Error.WriteLine);
        if (!IsDry)
            await functions.LoadAsync(needed, stopping);

        List<RedriveResult> results = [];
        foreach (DiscardedDocument document in documents)
        {
            RedriveResult result = await redriver.FindAsync(document, stopping);
            if (!IsDry)
                result = await redriver.SendAsync(result, functions, stopping);
            results.Add(result);
            log.Flush();
            Say(result);
        }
        return Conclude(results);
    }

    // The streams of the folder behind an endpoint of their own: nothing is polled, invoked or made.
    private async Task<StreamRunner> OpenFolderAsync(ILoggerFactory loggers)
    {
        var options = new StreamRunnerOptions
        {
            Configuration = new RunnerConfiguration { Region = configuration.Region, AccountId = configuration.AccountId, DataDirectory = Data },
            Port = 0,
            HasMappings = false,
        };
        var streams = new StreamRunner(options, TimeProvider.System, loggers);
        await streams.StartAsync(stopping);
        return streams;
    }

    private async Task<byte[]> ReadInputAsync()
    {
        await using Stream input = InputFile.Open(Input);
        using var documents = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int read; (read = await input.ReadAsync(buffer, stopping)) > 0;)
        {
            documents.Write(buffer, 0, read);
            if (documents.Length > InputBytesMax)
                throw new RedriveException($"There are more than {InputBytesMax >> 20} MiB of documents. Give fewer at once.");
        }
        return documents.ToArray();
    }

    private void Say(RedriveResult result)
    {
        DiscardedDocument document = result.Document;
        string counts = IsDry
            ? $"{Figures.Some(result.Records.Length, "record")} found"
            : $"{Figures.Some(result.Succeeded, "record")} succeeded, {result.Failed} failed again, {result.NotSent} not sent";
        screen.Say($"{result.Mapping}, {document.ShardId} from {document.Start}: {counts}{(result.Missing == 0 ? "" : $", {result.Missing} gone since their retention has ended")}");
        if (IsDry)
        {
            foreach (var record in result.Records)
                screen.Say($"  {record.SequenceNumber} key '{record.PartitionKey}', {Figures.Some(record.DataLength, "byte")}, {record.Arrival:O}");
        }
        if (result.Warning is { } warning)
            Screen.Complain($"  {warning}");
        if (result.Error is { } error)
            Screen.Complain($"  {error}");
    }

    private int Conclude(List<RedriveResult> results)
    {
        var totals = RedriveSummary.Of(results, IsDry);
        if (Json)
            screen.WriteDocument(totals.ToJson());
        else
            screen.Say($"{Figures.Some(results.Count, "document")}: {totals.Succeeded} records succeeded, {totals.Failed} failed again, {totals.NotSent} not sent, {totals.Missing} gone.");
        return totals.Failed + totals.Missing + (IsDry ? 0 : totals.NotSent) > 0 ? ExitCodes.DoneWithLosses : ExitCodes.Done;
    }
}
