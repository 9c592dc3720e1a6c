namespace LambdaStreamRunner.Testing;

/// <summary>Runs a handler on the real rules of an event source mapping, under virtual time.</summary>
public static class StreamTest
{
}
