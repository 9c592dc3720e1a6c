using System.Text;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>An event of Kinesis, as far as the tests read it.</summary>
public sealed record ClickEvent(IReadOnlyList<ClickRecord> Records);

/// <summary>One of its records.</summary>
public sealed record ClickRecord(Click Kinesis);

/// <summary>What Kinesis knows of it.</summary>
public sealed record Click(string PartitionKey, string SequenceNumber, MemoryStream Data)
{
    public string Text => Encoding.UTF8.GetString(Data.ToArray());
}

/// <summary>A handler that remembers what it saw, in the order in which it saw it.</summary>
public sealed class ClickHandler
{
    private readonly Lock _gate = new();
    private readonly List<Click> _seen = [];

    public IReadOnlyList<Click> Seen
    {
        get
        {
            lock (_gate)
                return [.. _seen];
        }
    }

    public IEnumerable<string> Texts => Seen.Select(click => click.Text);

    public async Task HandleAsync(ClickEvent clicks)
    {
        foreach (ClickRecord record in clicks.Records)
        {
            lock (_gate)
                _seen.Add(record.Kinesis);
            await Task.Yield();
        }
    }
}
