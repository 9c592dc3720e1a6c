using System.Buffers;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Host.Logs;

/// <summary>How what is heard of functions is written. Called for one line at a time.</summary>
internal interface ILogFormat
{
    /// <summary>Longest text of a line, in characters: what CloudWatch takes as one event. What is longer is cut, and says so.</summary>
    const int TextMax = 256 * 1024;

    /// <summary>A line that a function wrote.</summary>
    void Write(IBufferWriter<char> output, FunctionLogLine line);

    /// <summary>How an invocation went.</summary>
    void Write(IBufferWriter<char> output, InvocationReport report);

    /// <summary>How the start of an environment went.</summary>
    void Write(IBufferWriter<char> output, InitReport report);

    /// <summary>A sentence of the runner.</summary>
    void Write(IBufferWriter<char> output, Remark remark);
}

/// <summary>A sentence of the runner about functions and their environments.</summary>
/// <param name="Level">Information or Warning.</param>
/// <param name="Text">The sentence.</param>
internal readonly record struct Remark(string Level, string Text);
