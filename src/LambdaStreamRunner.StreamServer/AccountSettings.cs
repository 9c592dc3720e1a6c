using System.Buffers;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer;

/// <summary>MinimumThroughputBillingCommitment of the account: for a day at least once it is enabled. Nothing is billed here.</summary>
internal sealed class AccountSettings
{
    /// <summary>How long a commitment lasts at least.</summary>
    public static readonly TimeSpan CommitmentMin = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private DateTimeOffset? _startedAt;
    private DateTimeOffset? _endedAt;                         // in the future while the shortest time has not passed

    /// <summary>Enables the commitment, or lets it end as soon as it may.</summary>
    public void Change(bool enabled, DateTimeOffset now)
    {
        lock (_lock)
        {
            bool isOn = _startedAt is not null && (_endedAt is null || _endedAt > now);
            if (enabled)
            {
                _startedAt = isOn ? _startedAt : now;
                _endedAt = null;
            }
            else if (isOn && _endedAt is null)
            {
                DateTimeOffset earliest = _startedAt!.Value + CommitmentMin;
                _endedAt = earliest > now ? earliest : now;
            }
        }
    }

    /// <summary>The answer of both actions.</summary>
    public void Write(IBufferWriter<byte> answer, DateTimeOffset now)
    {
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("MinimumThroughputBillingCommitment");
        lock (_lock)
            WriteMembers(json, now);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteMembers(Utf8JsonWriter json, DateTimeOffset now)
    {
        bool hasEnded = _endedAt <= now;
        json.WriteString("Status", _startedAt is null || hasEnded ? "DISABLED" : _endedAt is null ? "ENABLED" : "ENABLED_UNTIL_EARLIEST_ALLOWED_END");
        if (_startedAt is not { } started)
            return;
        json.WriteTimestamp("StartedAt", started);
        if (hasEnded)
            json.WriteTimestamp("EndedAt", _endedAt!.Value);
        else
            json.WriteTimestamp("EarliestAllowedEndAt", started + CommitmentMin);
    }
}
