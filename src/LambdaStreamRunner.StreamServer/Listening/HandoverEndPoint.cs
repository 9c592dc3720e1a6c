using System.Net;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>The address of a listener that no network reaches: connections are handed to it.</summary>
internal sealed class HandoverEndPoint(HandoverListener listener, string name) : EndPoint
{
    public HandoverListener Listener => listener;

    public override string ToString() => $"in-process:{name}";
}
