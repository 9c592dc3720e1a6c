using Amazon.Lambda.Core;
using Fixtures;

[assembly: LambdaSerializer(typeof(JsonSerializer))]
