namespace LambdaStreamRunner.Runner.Capturing;

/// <summary>When the capture of a stream ends by itself.</summary>
public enum CaptureEnd
{
    /// <summary>When all shards are closed and read; until then it waits for more.</summary>
    WithTheStream,

    /// <summary>When all that is in the stream has been read.</summary>
    AtTheTip,
}
