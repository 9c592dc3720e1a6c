using System.Globalization;
using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>In a tumbling window Lambda hands on what the handler returns: who returns only this batch's sums forgets the others.</summary>
public static class LostWindowState
{
    private const string Revenue = "revenue";

    public static Exhibit Exhibit { get; } = new(
        "tumbling state lost",
        "\"every order is in the sum of its window\"",
        () => Test(environment => new Handler(environment.Effects, _ => []).Handle),
        () => Test(environment => new Handler(environment.Effects, timeWindow => timeWindow.State).Handle));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, TumblingWindow = TimeSpan.FromSeconds(30) })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults)
        .Expect([.. Promise.Default.Remove(Order.Effects)])
        .Expect("every order is in the sum of its window", Missing);

    private static string? Missing(TestRun run)
    {
        int counted = run.Effects.GetValueOrDefault(Revenue, []).Sum(sum => int.Parse(sum, CultureInfo.InvariantCulture));
        return counted == run.Records.Length ? null : $"The sums of all windows have {counted} of {run.Records.Length} orders.";
    }

    private sealed class Handler(Effects table, Func<KinesisTimeWindowEvent, Dictionary<string, string>?> stateBefore)
    {
        public KinesisTimeWindowResponse Handle(KinesisTimeWindowEvent timeWindow)
        {
            Dictionary<string, string> state = stateBefore(timeWindow) ?? [];
            int count = int.Parse(state.GetValueOrDefault("count", "0"), CultureInfo.InvariantCulture) + timeWindow.Records.Count;
            if (timeWindow.IsFinalInvokeForWindow is true)
                table.AddOnce(Revenue, $"{timeWindow.ShardId} {timeWindow.Window.Start:O}", count);
            return new KinesisTimeWindowResponse { State = new Dictionary<string, string> { ["count"] = $"{count}" }, BatchItemFailures = [] };
        }
    }
}
