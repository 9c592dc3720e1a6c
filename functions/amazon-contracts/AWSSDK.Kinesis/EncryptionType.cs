namespace Amazon.Kinesis;

/// <summary>How a record is encrypted at rest.</summary>
/// <param name="value">NONE or KMS.</param>
public sealed class EncryptionType(string value)
{
    /// <summary>Encrypted with a key of the key management service.</summary>
    public static readonly EncryptionType KMS = new("KMS");

    /// <summary>Not encrypted.</summary>
    public static readonly EncryptionType NONE = new("NONE");

    /// <summary>The word on the wire.</summary>
    public string Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
