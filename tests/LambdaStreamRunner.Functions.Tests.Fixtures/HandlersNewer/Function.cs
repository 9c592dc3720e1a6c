using Amazon.Lambda.Core;

namespace Fixtures;

public class Function
{
    public string Greet() => Greeting.Greeter.Hello;

    public string ReadNewMembers(ILambdaContext context) =>
        $"{context.TenantId ?? "no tenant"}|{context.Weather}|{context.Forecast(3) ?? "no forecast"}|{context.Serializer.GetType().Name}|{context.AwsRequestId}";
}
