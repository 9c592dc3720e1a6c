namespace LambdaStreamRunner.Host.Producing;

/// <summary>Records could not be put; the message says why and what to do.</summary>
internal sealed class ProducerException(string message) : Exception(message);
