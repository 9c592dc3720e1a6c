namespace Amazon.Lambda.Core;

/// <summary>What a mobile application tells about itself.</summary>
public interface IClientContext
{
    IDictionary<string, string> Environment { get; }

    IClientApplication Client { get; }

    IDictionary<string, string> Custom { get; }
}
