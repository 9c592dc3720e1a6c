using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Fixtures;

[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<AnnotatedJson>))]
