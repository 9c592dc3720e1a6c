namespace Amazon.Lambda.Core;

/// <summary>Turns the event into the handler's input and the handler's result into the answer.</summary>
public interface ILambdaSerializer
{
    T Deserialize<T>(Stream requestStream);

    void Serialize<T>(T response, Stream responseStream);
}
