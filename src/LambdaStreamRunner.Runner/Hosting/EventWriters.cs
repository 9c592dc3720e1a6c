using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Makes what writes the events of a mapping.</summary>
internal static class EventWriters
{
    /// <summary>The writer for the records of one shard.</summary>
    public static KinesisEventWriter Of(MappingConfiguration mapping, string shardId) =>
        new(mapping.SourceArn, PartOf(mapping.SourceArn, ArnPart.Region), RoleOf(mapping.Function), shardId);

    private static string RoleOf(FunctionConfiguration function) => $"arn:aws:iam::{PartOf(function.Arn, ArnPart.Account)}:role/{function.Name}";

    private static string PartOf(string arn, ArnPart part) => arn.Split(':')[(int)part];

    // arn:partition:service:region:account:resource
    private enum ArnPart
    {
        Region = 3,
        Account = 4,
    }
}
