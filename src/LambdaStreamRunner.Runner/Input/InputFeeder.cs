using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>Puts the lines of a file onto an embedded stream, in order.</summary>
public sealed class InputFeeder
{
    /// <summary>Complaints about lines that are kept with their text.</summary>
    public const int ComplaintsMax = 20;

    private readonly List<string> _complaints = [];
    private long _put;
    private long _refused;

    /// <summary>Records put so far.</summary>
    public long Put => Volatile.Read(ref _put);

    /// <summary>Lines that became no record.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>True when the feeding ended before the input did. A pipe that is waited for has ended as far as anybody knows.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Why, for the first of them: "line 7 is not JSON".</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Puts every line that has a key; the others are counted and reported.</summary>
    /// <exception cref="IOException">The input cannot be read on.</exception>
    /// <exception cref="KinesisException">The stream takes no more.</exception>
    public async Task FeedAsync(Stream input, PartitionKeyExpression partitionKey, EmbeddedStream stream, CancellationToken stopping)
    {
        using var reader = new InputReader(input, partitionKey);
        IsCutShort = input.CanSeek;
        while (await reader.ReadAsync(stopping))
        {
            IsCutShort |= stopping.IsCancellationRequested;
            stopping.ThrowIfCancellationRequested();
            InputRecord record = reader.Current;
            if (!record.PartitionKey.IsFound)
            {
                Refuse(record);
                continue;
            }
            stream.Put(record.PartitionKey.Value, record.Data);
            Interlocked.Increment(ref _put);
        }
        IsCutShort = false;
    }

    private void Refuse(InputRecord record)
    {
        Interlocked.Increment(ref _refused);
        if (_complaints.Count < ComplaintsMax)
            _complaints.Add(record.Complaint!);
    }
}
