using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What the two actions that turn encryption on and off do alike. Nothing is encrypted here: the stream says so, as AWS's would.</summary>
internal static class StreamEncryption
{
    public static ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        new("EncryptionType", MemberType.String) { IsRequired = true, Values = ["NONE", "KMS"] },
        new("KeyId", MemberType.String) { IsRequired = true, LengthMin = 1, LengthMax = 2048 },
    ];

    public static void Change(Arguments request, KinesisService service, string? keyId)
    {
        EmbeddedStream stream = service.StreamOf(request);
        if (request.Text("EncryptionType") != "KMS")
            throw KinesisException.InvalidArgument("EncryptionType must be KMS.");
        stream.BeginUpdate(() =>
        {
            stream.ClientLimits.CountDaily(quotas => quotas.Encryption);
            return null;
        });
        DateTimeOffset now = service.Streams.Time.GetUtcNow();
        stream.Change(settings => settings with
        {
            KeyId = keyId,
            Encrypted = settings.Encrypted.Change(keyId is not null, now, now - TimeSpan.FromHours(settings.RetentionPeriodHours)),
        });
    }
}
