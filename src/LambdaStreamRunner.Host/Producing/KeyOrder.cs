namespace LambdaStreamRunner.Host.Producing;

/// <summary>What happens to the order of records with one key.</summary>
internal enum KeyOrder
{
    /// <summary>They reach the stream in the order in which they were read.</summary>
    Kept,

    /// <summary>They go together, and those that are tried again may come late.</summary>
    NotKept,
}
